internal import Synchronization

/// What is kept of a request that does not arrive in one piece: the contents of its records, without headers and padding,
/// so that it takes what its limits allow however it is cut.
struct CollectedRequest: Sendable {
    private(set) var parameters: [UInt8] = []
    /// The body so far; empty once it is over its limit, or found no room.
    private(set) var body: [UInt8] = []
    private let bodyLimit: Int
    private var isOverLimit = false
    private let room: BodyRoom
    private var share: BodyRoom.Share?
    /// Whether there was no room for the body beside those of others.
    private(set) var hasNoRoom = false

    /// - Parameters:
    ///   - bodyLimit: How many bytes the body may have.
    ///   - room: What bodies may take together.
    init(bodyLimit: Int, room: BodyRoom = BodyRoom()) {
        self.bodyLimit = bodyLimit
        self.room = room
    }

    mutating func append(parameters bytes: UnsafeRawBufferPointer) { parameters.append(contentsOf: bytes) }

    mutating func append(body bytes: UnsafeRawBufferPointer) {
        guard !isOverLimit, !hasNoRoom else { return }
        if bytes.count > bodyLimit - body.count {
            isOverLimit = true
            dropBody()
        } else if hasRoom(for: body.count + bytes.count) {
            body.append(contentsOf: bytes)
        } else {
            hasNoRoom = true
            dropBody()
        }
    }

    private mutating func hasRoom(for count: Int) -> Bool {
        guard count > BodyRoom.free else { return true }
        let share = share ?? BodyRoom.Share(of: room)
        self.share = share
        return share.grow(to: count)
    }

    private mutating func dropBody() {
        body = []
        share = nil
    }
}

/// What the bodies may take together that are still arriving. It is there before a handler can say whether it wants them:
/// without it, whoever reaches the web server would have the server keep a body of the largest size for each connection.
final class BodyRoom: Sendable {
    /// So many bytes of each body are free: those of ordinary requests find room whatever others do.
    static let free = 64 << 10
    /// The most bytes for all bodies larger than that.
    static let most = 32 << 20

    private let taken = Atomic<Int>(0)

    /// One body's part of it, given back when nothing refers to it any more.
    final class Share: Sendable {
        private let room: BodyRoom
        private let bytes = Atomic<Int>(0)

        init(of room: BodyRoom) { self.room = room }

        /// Takes more; called by one thread at a time.
        /// - Returns: Whether there was room.
        func grow(to count: Int) -> Bool {
            let more = count - bytes.load(ordering: .relaxed)
            guard more > 0 else { return true }
            guard room.taken.add(more, ordering: .relaxed).newValue <= BodyRoom.most else {
                room.taken.subtract(more, ordering: .relaxed)
                return false
            }
            bytes.store(count, ordering: .relaxed)
            return true
        }

        deinit { room.taken.subtract(bytes.load(ordering: .relaxed), ordering: .relaxed) }
    }
}
