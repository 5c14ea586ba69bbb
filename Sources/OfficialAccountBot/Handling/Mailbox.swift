internal import OfficialAccount

/// The answers that one sender is owed: those that wait for the sender's next message, and those still to come.
struct Mailbox: Sendable {
    /// One answer, or a part of one.
    struct Item: Sendable {
        /// The message that it answers.
        var message: StoreKey
        /// Since when it is owed, in milliseconds since 1970.
        var since: Int64
        /// The answer, or `nil` while a handler is at it.
        var reply: Reply?
    }

    private(set) var items: [Item] = []

    /// More is not kept for one sender; the oldest goes first.
    static let mostItems = 64

    init() {}

    var isEmpty: Bool { items.isEmpty }

    /// Takes the oldest answer that is ready.
    mutating func takeReady() -> Reply? {
        guard let index = items.firstIndex(where: { $0.reply != nil }) else { return nil }
        return items.remove(at: index).reply
    }

    /// Takes the first part of a message's own answer.
    mutating func take(answerTo message: StoreKey) -> Reply? {
        guard let index = items.firstIndex(where: { $0.message == message && $0.reply != nil }) else { return nil }
        return items.remove(at: index).reply
    }

    /// Notes that an answer is to come.
    mutating func expect(answerTo message: StoreKey, since: Int64) {
        guard !items.contains(where: { $0.message == message }) else { return }
        items.append(Item(message: message, since: since, reply: nil))
        drop()
    }

    /// Puts an answer where it was expected, or at the end.
    mutating func put(_ replies: some Sequence<Reply>, answering message: StoreKey, since: Int64) {
        let index = items.firstIndex { $0.message == message && $0.reply == nil }
        let new = replies.map { Item(message: message, since: since, reply: $0) }
        if let index { items.replaceSubrange(index...index, with: new) } else { items += new }
        drop()
    }

    /// Takes back that an answer is to come.
    mutating func forget(answerTo message: StoreKey) {
        items.removeAll { $0.message == message && $0.reply == nil }
    }

    /// Leaves out what has been owed for too long, and what nobody can be at any more.
    mutating func expire(before time: Int64, expectedBefore expectedTime: Int64) {
        items.removeAll { $0.since < ($0.reply == nil ? max(time, expectedTime) : time) }
    }

    private mutating func drop() {
        if items.count > Self.mostItems { items.removeFirst(items.count - Self.mostItems) }
    }

    private static let version: UInt8 = 1

    /// The bytes, or `nil` where nothing is owed.
    var bytes: [UInt8]? {
        guard !items.isEmpty else { return nil }
        var writer = ByteWriter(capacity: items.reduce(16) { $0 + 96 + ($1.reply?.sizeEstimate ?? 0) })
        writer.byte(Self.version)
        writer.number(items.count)
        for item in items {
            writer.data(item.message.bytes)
            writer.number(item.since)
            writer.byte(item.reply == nil ? 0 : 1)
            item.reply?.write(to: &writer)
        }
        return writer.bytes
    }

    /// Reads a mailbox; what cannot be read is empty.
    init(_ bytes: [UInt8]) {
        do throws(ByteReader.Unreadable) {
            var reader = ByteReader(bytes)
            guard try reader.byte() == Self.version else { return }
            let count: Int = try reader.number()
            var items: [Item] = []
            for _ in 0..<max(count, 0) {
                let message = StoreKey(try reader.data())
                let since: Int64 = try reader.number()
                let reply = try reader.byte() == 0 ? nil : try Reply(from: &reader)
                items.append(Item(message: message, since: since, reply: reply))
            }
            self.items = items
        } catch {
            items = []
        }
    }
}
