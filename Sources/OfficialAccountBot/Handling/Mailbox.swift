internal import OfficialAccount

/// The answers that one sender is owed: those that wait for the sender's next message, and those still to come. For a sender
/// who has left the account nothing is, but that is noted.
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
    /// When the sender left the account last, for as long as answers may come to what was asked before.
    private(set) var departure: Departure?
    /// How many answers have been dropped for want of room since it was read.
    private(set) var crowdedOut = 0

    /// More is not kept for one sender, unless it is one answer.
    ///
    /// The oldest answer goes first, and whole. Each message that a sender writes takes one out, so that so many wait only for
    /// somebody who asks and asks without a look at what comes, and then it is the last question that matters to them. To
    /// refuse that one with the apology would go on until the old ones are collected or too old: for an hour, by itself, the
    /// account would seem to be broken. And an answer that was left without its beginning would help nobody.
    static let mostItems = 64

    init() {}

    /// Whether nothing is owed.
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
        makeRoom(for: message)
    }

    /// Puts an answer where it was expected, or at the end.
    mutating func put(_ replies: some Sequence<Reply>, answering message: StoreKey, since: Int64) {
        let index = items.firstIndex { $0.message == message && $0.reply == nil }
        let new = replies.map { Item(message: message, since: since, reply: $0) }
        if let index { items.replaceSubrange(index...index, with: new) } else { items += new }
        makeRoom(for: message)
    }

    /// Takes back that an answer is to come.
    mutating func forget(answerTo message: StoreKey) {
        items.removeAll { $0.message == message && $0.reply == nil }
    }

    /// Leaves out what has been owed for too long, and what nobody can be at any more.
    mutating func expire(before time: Int64, expectedBefore expectedTime: Int64, leftBefore leaveTime: Int64) {
        items.removeAll { $0.since < ($0.reply == nil ? max(time, expectedTime) : time) }
        if let departure, departure.arrival < leaveTime { self.departure = nil }
    }

    /// Empties it for a sender who leaves the account.
    /// - Returns: What was in it; `nil` where that the sender left then is noted already.
    mutating func leave(_ departure: Departure) -> [Item]? {
        if let noted = self.departure, (noted.time, noted.arrival) >= (departure.time, departure.arrival) { return nil }
        self.departure = departure
        defer { items = [] }
        return items
    }

    /// Whether the sender has left the account since a message was sent, so that nobody gets its answer.
    /// - Parameter arrival: When the first delivery of the message came, in milliseconds since 1970.
    func hasLeft(since message: Message, arrival: Int64) -> Bool {
        departure?.isAfter(message, arrival: arrival) ?? false
    }

    private mutating func makeRoom(for message: StoreKey) {
        while items.count > Self.mostItems, let oldest = items.first(where: { $0.message != message }) {
            // One that is still to come is put at the end when it does.
            if oldest.reply != nil { crowdedOut += 1 }
            items.removeAll { $0.message == oldest.message }
        }
    }

    private enum Version {
        /// Without a departure, as all were before there was one: what runs beside a newer program can read it.
        static let plain: UInt8 = 1
        static let withDeparture: UInt8 = 2
    }

    /// The bytes, or `nil` where nothing is owed and nothing else is to be known.
    var bytes: [UInt8]? {
        guard !items.isEmpty || departure != nil else { return nil }
        var writer = ByteWriter(capacity: items.reduce(32) { $0 + 96 + ($1.reply?.sizeEstimate ?? 0) })
        writer.byte(departure == nil ? Version.plain : Version.withDeparture)
        if let departure {
            writer.number(departure.time)
            writer.number(departure.arrival)
        }
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
            let version = try reader.byte()
            guard version == Version.plain || version == Version.withDeparture else { return }
            if version == Version.withDeparture {
                departure = Departure(time: try reader.number(), arrival: try reader.number())
            }
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
            departure = nil
        }
    }
}
