/// The values of a ``MemoryStore``, for one thread at a time.
struct MemoryTable: ~Copyable {
    private let maximumBytes: Int
    private let maximumEntries: Int
    private var cells = MemoryCells()
    private var free: [Int32] = []
    private var index = SlotIndex()
    private var order = ExpiryOrder()
    private var lastRevision: UInt64 = 0
    private var latest = Int64.min
    private(set) var bytes = 0

    init(maximumBytes: Int, maximumEntries: Int) {
        self.maximumBytes = maximumBytes
        self.maximumEntries = maximumEntries
    }

    var count: Int { index.count }

    mutating func commit(_ transaction: StoreTransaction, at time: Int64) throws(StoreError) -> StoreOutcome {
        let now = max(time, latest)
        latest = now
        // A transaction adds fewer than leave here, so that what has expired never piles up.
        dropExpired(at: now, atMost: 8 + 2 * transaction.writes.count)

        let first = transaction.conditions.first.map { Hashed($0.key) }
        var values: [StoreValue?] = []
        if !transaction.reads.isEmpty {
            values.reserveCapacity(transaction.reads.count)
            for key in transaction.reads { values.append(value(of: Hashed(key, or: first), at: now)) }
        }
        for condition in transaction.conditions
        where revision(of: Hashed(condition.key, or: first), at: now) != condition.revision {
            return StoreOutcome(revision: 0, values: values)
        }
        guard !transaction.writes.isEmpty else {
            return StoreOutcome(revision: max(lastRevision, 1), values: values)
        }
        try makeRoom(for: transaction.writes)
        lastRevision += 1
        for write in transaction.writes {
            let key = Hashed(write.key, or: first)
            if let value = write.value, write.lifetime > 0 {
                _ = set(key, value, lifetime: write.lifetime, at: now)
            } else if let slot = slot(of: key) {
                remove(slot)
            }
        }
        return StoreOutcome(revision: lastRevision, values: values)
    }

    /// A value that is to be written soon.
    struct Reservation {
        fileprivate let slot: Int32
        fileprivate let revision: UInt64
    }

    /// Writes an empty value where there is none.
    /// - Returns: `nil` where there is one.
    mutating func reserve(_ key: StoreKey, lifetime: Int64, at time: Int64) throws(StoreError) -> Reservation? {
        let now = max(time, latest)
        latest = now
        dropExpired(at: now, atMost: 10)
        let key = Hashed(key)
        guard slot(of: key, at: now) == nil else { return nil }
        try makeRoom(entries: 1, bytes: Self.size(key.key, []))
        lastRevision += 1
        return Reservation(slot: set(key, [], lifetime: lifetime, at: now), revision: lastRevision)
    }

    /// Writes the value that a place was reserved for, whatever is there by now.
    /// - Returns: Its revision.
    mutating func fill(
        _ reservation: Reservation, _ key: StoreKey, _ value: [UInt8], lifetime: Int64, at time: Int64
    ) throws(StoreError) -> UInt64 {
        let now = max(time, latest)
        latest = now
        let slot = reservation.slot
        let isThere = cells[slot].revision == reservation.revision
        try makeRoom(entries: isThere ? 0 : 1, bytes: isThere ? value.count : Self.size(key, value))
        lastRevision += 1
        // The common case: nobody has taken it, and it did not have to leave.
        if cells[slot].revision == reservation.revision {
            bytes += value.count
            cells.write(value, to: slot, key: key)
            renew(slot, lifetime: lifetime, at: now)
        } else {
            if isThere { try makeRoom(entries: 1, bytes: Self.size(key, value)) }
            _ = set(Hashed(key), value, lifetime: lifetime, at: now)
        }
        return lastRevision
    }

    // MARK: Looking up

    /// A key and its hash, which is worth keeping: the key that a transaction is about occurs in it several times.
    private struct Hashed {
        let key: StoreKey
        let hash: UInt32

        init(_ key: StoreKey) {
            self.key = key
            hash = UInt32(truncatingIfNeeded: key.hashValue)
        }

        init(_ key: StoreKey, or known: Hashed?) {
            if let known, known.key.isSameArray(as: key) { self = known } else { self.init(key) }
        }
    }

    private func slot(of key: Hashed) -> Int32? {
        index.find(key.hash) { cells.holds(key.key, in: $0) }
    }

    private func slot(of key: Hashed, at now: Int64) -> Int32? {
        guard let slot = slot(of: key) else { return nil }
        return cells[slot].expiry > now ? slot : nil
    }

    private func revision(of key: Hashed, at now: Int64) -> UInt64 {
        slot(of: key, at: now).map { cells[$0].revision } ?? 0
    }

    private func value(of key: Hashed, at now: Int64) -> StoreValue? {
        slot(of: key, at: now).map { StoreValue(bytes: cells.value(of: $0), revision: cells[$0].revision) }
    }

    // MARK: Changing

    private static func size(_ key: Int, _ value: Int) -> Int { key + value + MemoryStore.entryOverhead }

    private static func size(_ key: StoreKey, _ value: [UInt8]) -> Int { size(key.bytes.count, value.count) }

    private func size(of slot: Int32) -> Int { Self.size(Int(cells[slot].keyCount), Int(cells[slot].valueCount)) }

    private mutating func set(_ key: Hashed, _ value: [UInt8], lifetime: Int64, at now: Int64) -> Int32 {
        bytes += Self.size(key.key, value)
        if let slot = slot(of: key) {
            bytes -= size(of: slot)
            cells.write(value, to: slot, key: key.key)
            renew(slot, lifetime: lifetime, at: now)
            return slot
        }
        let slot = free.popLast() ?? cells.add()
        cells[slot].hash = key.hash
        cells[slot].revision = lastRevision
        cells[slot].expiry = Self.expiry(lifetime, at: now)
        cells.write(key.key, value, to: slot)
        index.add(slot, hash: key.hash)
        order.add(slot, lifetime: lifetime, expiry: cells[slot].expiry)
        return slot
    }

    /// Gives a slot whose value has been written a new revision and a new life.
    private mutating func renew(_ slot: Int32, lifetime: Int64, at now: Int64) {
        cells[slot].revision = lastRevision
        cells[slot].expiry = Self.expiry(lifetime, at: now)
        order.remove(slot)
        order.add(slot, lifetime: lifetime, expiry: cells[slot].expiry)
    }

    private static func expiry(_ lifetime: Int64, at now: Int64) -> Int64 {
        let (sum, overflows) = now.addingReportingOverflow(lifetime)
        // The greatest number stands for never.
        return overflows ? Int64.max - 1 : min(sum, Int64.max - 1)
    }

    private mutating func remove(_ slot: Int32) {
        bytes -= size(of: slot)
        index.remove(slot, hash: cells[slot].hash)
        cells.clear(slot)
        order.remove(slot)
        free.append(slot)
    }

    private mutating func dropExpired(at now: Int64, atMost limit: Int) {
        var dropped = 0
        while dropped < limit, let soonest = order.soonest, soonest.expiry <= now {
            remove(soonest.slot)
            dropped += 1
        }
    }

    /// Has those leave that expire soonest, until the writes fit. None of the writes' own values is among them: they come
    /// afterwards.
    private mutating func makeRoom(for writes: [StoreTransaction.Write]) throws(StoreError) {
        var added = 0
        var size = 0
        for write in writes {
            guard let value = write.value else { continue }
            added += 1
            size += Self.size(write.key, value)
        }
        if count + added <= maximumEntries && bytes + size <= maximumBytes { return }
        if added <= maximumEntries, size <= maximumBytes {
            for write in writes {
                if let slot = slot(of: Hashed(write.key)) { remove(slot) }
            }
        }
        try makeRoom(entries: added, bytes: size)
    }

    /// Has those leave that expire soonest, until so much more fits.
    private mutating func makeRoom(entries added: Int, bytes size: Int) throws(StoreError) {
        guard added <= maximumEntries, size <= maximumBytes else {
            throw StoreError(
                "\(added) values of \(size) bytes are more than the store in memory may hold: raise its limits, which "
                    + "are \(maximumEntries) values and \(maximumBytes) bytes")
        }
        while count + added > maximumEntries || bytes + size > maximumBytes, let soonest = order.soonest {
            remove(soonest.slot)
        }
    }
}
