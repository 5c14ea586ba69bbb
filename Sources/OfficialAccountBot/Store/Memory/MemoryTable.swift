/// The values of a ``MemoryStore``, for one thread at a time.
struct MemoryTable {
    private struct Entry {
        var key: StoreKey
        var value: [UInt8]
        var revision: UInt64
        var expiry: Int64
        var hash: UInt32
    }

    private let maximumBytes: Int
    private let maximumEntries: Int
    private var entries = ContiguousArray<Entry>()
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
                set(key, value, lifetime: write.lifetime, at: now)
            } else if let slot = slot(of: key) {
                remove(slot)
            }
        }
        return StoreOutcome(revision: lastRevision, values: values)
    }

    /// Writes one value.
    /// - Returns: Its revision, or 0 where there is one already and it was to be new.
    mutating func put(
        _ key: StoreKey, _ value: [UInt8], lifetime: Int64, onlyIfAbsent: Bool, at time: Int64
    ) throws(StoreError) -> UInt64 {
        let now = max(time, latest)
        latest = now
        dropExpired(at: now, atMost: 10)
        let key = Hashed(key)
        if onlyIfAbsent, slot(of: key, at: now) != nil { return 0 }
        if count >= maximumEntries || bytes + Self.size(key.key, value) > maximumBytes {
            try makeRoom(for: [StoreTransaction.Write(key.key, value, lifetime: lifetime)])
        }
        lastRevision += 1
        set(key, value, lifetime: lifetime, at: now)
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
        index.find(key.hash) { entries[Int($0)].key == key.key }
    }

    private func slot(of key: Hashed, at now: Int64) -> Int? {
        guard let slot = slot(of: key) else { return nil }
        return entries[Int(slot)].expiry > now ? Int(slot) : nil
    }

    private func revision(of key: Hashed, at now: Int64) -> UInt64 {
        slot(of: key, at: now).map { entries[$0].revision } ?? 0
    }

    private func value(of key: Hashed, at now: Int64) -> StoreValue? {
        slot(of: key, at: now).map { StoreValue(bytes: entries[$0].value, revision: entries[$0].revision) }
    }

    // MARK: Changing

    private static func size(_ key: StoreKey, _ value: [UInt8]) -> Int {
        key.bytes.count + value.count + MemoryStore.entryOverhead
    }

    private mutating func set(_ key: Hashed, _ value: [UInt8], lifetime: Int64, at now: Int64) {
        let (sum, overflows) = now.addingReportingOverflow(lifetime)
        // The greatest number stands for never.
        let expiry = overflows ? Int64.max - 1 : min(sum, Int64.max - 1)
        bytes += Self.size(key.key, value)
        if let slot = slot(of: key) {
            bytes -= Self.size(key.key, entries[Int(slot)].value)
            entries[Int(slot)].value = value
            entries[Int(slot)].revision = lastRevision
            entries[Int(slot)].expiry = expiry
            order.remove(slot)
            order.add(slot, lifetime: lifetime, expiry: expiry)
            return
        }
        let entry = Entry(key: key.key, value: value, revision: lastRevision, expiry: expiry, hash: key.hash)
        let slot: Int32
        if let reused = free.popLast() {
            slot = reused
            entries[Int(slot)] = entry
        } else {
            slot = Int32(entries.count)
            entries.append(entry)
        }
        index.add(slot, hash: key.hash)
        order.add(slot, lifetime: lifetime, expiry: expiry)
    }

    private mutating func remove(_ slot: Int32) {
        bytes -= Self.size(entries[Int(slot)].key, entries[Int(slot)].value)
        index.remove(slot, hash: entries[Int(slot)].hash)
        entries[Int(slot)].key = StoreKey([])
        entries[Int(slot)].value = []
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
        guard added <= maximumEntries, size <= maximumBytes else {
            throw StoreError(
                "\(added) values of \(size) bytes are more than the store in memory may hold: raise its limits, which "
                    + "are \(maximumEntries) values and \(maximumBytes) bytes")
        }
        for write in writes {
            if let slot = slot(of: Hashed(write.key)) { remove(slot) }
        }
        while count + added > maximumEntries || bytes + size > maximumBytes, let soonest = order.soonest {
            remove(soonest.slot)
        }
    }
}
