/// The processes that may owe answers by customer service, as a store knows them: where one shows no sign of life, others find
/// here how many places to look at.
struct Debtors: Sendable {
    struct Debtor: Sendable, Equatable {
        var owner: UInt64
        /// In how many places its debts may be.
        var places: Int
        /// When it was noted last, in milliseconds since 1970.
        var since: Int64
    }

    private(set) var all: [Debtor] = []

    /// Notes that a process uses a place.
    ///
    /// It says so for many places at once, and again from time to time: the store forgets who says nothing, and others take
    /// a process off that shows no sign of life and owes nothing.
    /// - Parameter lifetime: For how long a debt is kept, in milliseconds.
    /// - Returns: Whether anything has changed.
    mutating func note(_ owner: UInt64, place: Int, at now: Int64, lifetime: Int64) -> Bool {
        let old = all.first { $0.owner == owner }
        if let old, place < old.places, now - old.since < lifetime, now >= old.since { return false }
        var places = max(old?.places ?? 16, 16)
        while places <= place { places *= 2 }
        all.removeAll { $0.owner == owner || now - $0.since > Self.lifetime(debts: lifetime) }
        all.append(Debtor(owner: owner, places: places, since: now))
        return true
    }

    mutating func remove(_ owner: UInt64) { all.removeAll { $0.owner == owner } }

    /// For how long the store keeps who may owe something, in milliseconds: the debts of those who have not said so anew
    /// are gone by then.
    static func lifetime(debts: Int64) -> Int64 { debts * 3 }

    private static let version: UInt8 = 1

    /// The bytes, or `nil` where nobody owes anything.
    var bytes: [UInt8]? {
        guard !all.isEmpty else { return nil }
        var writer = ByteWriter(capacity: 16 + 32 * all.count)
        writer.byte(Self.version)
        writer.number(all.count)
        for debtor in all {
            writer.number(debtor.owner)
            writer.number(debtor.places)
            writer.number(debtor.since)
        }
        return writer.bytes
    }

    /// Reads them; what cannot be read is empty.
    init(_ bytes: [UInt8]) {
        do throws(ByteReader.Unreadable) {
            var reader = ByteReader(bytes)
            guard try reader.byte() == Self.version else { return }
            let count: Int = try reader.number()
            var all: [Debtor] = []
            for _ in 0..<max(count, 0) {
                let owner: UInt64 = try reader.number()
                let places: Int = try reader.number()
                let since: Int64 = try reader.number()
                all.append(Debtor(owner: owner, places: min(max(places, 0), Self.mostPlaces), since: since))
            }
            self.all = all
        } catch {
            all = []
        }
    }

    /// More handlers do not run in one process.
    private static let mostPlaces = 1 << 20
}

/// The places in which this process notes what it owes: each is used again once it is free, so that there are as many as
/// answers were owed at a time.
///
/// Unchecked: everything is reached only with the lock held.
final class DebtPlaces: @unchecked Sendable {
    private let lock = StoreLock()
    private var free: [Int] = []
    private var used = 0

    func take() -> Int {
        lock.withLock {
            if let place = free.popLast() { return place }
            defer { used += 1 }
            return used
        }
    }

    func give(back place: Int) { lock.withLock { free.append(place) } }
}
