internal import OfficialAccount

/// What a store knows of a message: who handles it, how often it was delivered, what was answered.
struct HandlingRecord: Sendable {
    enum Phase: UInt8 { case running = 1, finished = 2 }

    /// Where the handler's answer goes when it comes.
    enum Route: UInt8 {
        /// Into a delivery of the message.
        case delivery = 0
        /// Into the sender's mailbox: the message has been answered already, with the notice.
        case mailbox = 1
        /// To the customer-service interface.
        case customerService = 2
        /// Nowhere.
        case dropped = 3
    }

    var phase = Phase.running
    var route = Route.delivery
    /// Whether it is handled by waiting for another message's answer.
    var isCollecting = false
    /// The process that handles it. Together with `attempt` it is the claim's fence: whoever finds another one there has
    /// lost the message.
    var owner: UInt64
    var attempt = 1
    var deliveries = 1
    /// When the first delivery came, in milliseconds since 1970.
    var firstDelivery: Int64
    /// What every delivery gets from now on.
    var given: Reply?
    /// The message itself, once it may have to be handled by a process that gets no delivery of it.
    var message: [UInt8]?

    init(owner: UInt64, firstDelivery: Int64) {
        self.owner = owner
        self.firstDelivery = firstDelivery
    }

    /// Whether this is the record of the same claim, as far as it is still claimed.
    func isClaim(_ other: HandlingRecord) -> Bool {
        phase == .running && owner == other.owner && attempt == other.attempt
    }

    /// Changes with the form of what is written.
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 48 + (given?.sizeEstimate ?? 0) + (message?.count ?? 0))
        writer.byte(Self.version)
        writer.byte(phase.rawValue)
        writer.byte(route.rawValue)
        writer.byte((isCollecting ? 1 : 0) | (given == nil ? 0 : 2) | (message == nil ? 0 : 4))
        writer.numbers(
            owner, UInt64(truncatingIfNeeded: attempt), UInt64(truncatingIfNeeded: deliveries),
            UInt64(bitPattern: firstDelivery))
        given?.write(to: &writer)
        if let message { writer.data(message) }
        return writer.bytes
    }

    /// Reads a record; `nil` where it is none that this version can read.
    init?(_ bytes: [UInt8]) {
        do throws(ByteReader.Unreadable) {
            var reader = ByteReader(bytes)
            guard try reader.byte() == Self.version, let phase = Phase(rawValue: try reader.byte()),
                let route = Route(rawValue: try reader.byte())
            else { return nil }
            let flags = try reader.byte()
            self.phase = phase
            self.route = route
            isCollecting = flags & 1 != 0
            owner = try reader.number()
            attempt = try reader.number()
            deliveries = try reader.number()
            firstDelivery = try reader.number()
            given = flags & 2 != 0 ? try Reply(from: &reader) : nil
            message = flags & 4 != 0 ? try reader.data() : nil
        } catch {
            return nil
        }
    }
}
