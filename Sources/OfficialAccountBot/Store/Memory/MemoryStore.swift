/// A store in the memory of this process: nobody else sees it, and it ends with the process.
///
/// It answers at once. What it holds is bounded: where something new has no room, the values that would expire soonest
/// leave first, before their time.
///
/// Unchecked: `table` is reached only with the lock held; the rest never changes.
public final class MemoryStore: Store, @unchecked Sendable {
    /// How many bytes an entry is counted with beside those of its key and its value: about what it takes.
    public static let entryOverhead = 192

    private let lock = StoreLock()
    private var table: MemoryTable
    private let clock: @Sendable () -> Int64

    /// Creates an empty store.
    /// - Parameters:
    ///   - maximumBytes: How much it may hold in all: keys, values and ``entryOverhead`` for each. At least 1 KiB.
    ///   - maximumEntries: How many values it may hold. At least 1.
    public convenience init(maximumBytes: Int = 64 << 20, maximumEntries: Int = 1_000_000) {
        self.init(maximumBytes: maximumBytes, maximumEntries: maximumEntries) { StoreClock.monotonic() }
    }

    /// Creates an empty store with a clock of its own.
    /// - Parameters:
    ///   - maximumBytes: How much it may hold in all: keys, values and ``entryOverhead`` for each. At least 1 KiB.
    ///   - maximumEntries: How many values it may hold. At least 1.
    ///   - clock: The time in milliseconds since any moment. Where it goes back, time stands still.
    public init(
        maximumBytes: Int = 64 << 20, maximumEntries: Int = 1_000_000, clock: @escaping @Sendable () -> Int64
    ) {
        table = MemoryTable(
            maximumBytes: max(maximumBytes, 1024), maximumEntries: min(max(maximumEntries, 1), Int(Int32.max) / 2))
        self.clock = clock
    }

    /// `false`: it is this process's alone.
    public var isShared: Bool { false }

    /// Carries out a transaction at once.
    /// - Throws: ``StoreError`` where it writes more than the store may hold.
    nonisolated(nonsending) public func commit(_ transaction: StoreTransaction) async throws(StoreError) -> StoreOutcome
    {
        try lock.withLock { () throws(StoreError) in try table.commit(transaction, at: clock()) }
    }

    /// Writes an empty value where there is none.
    /// - Returns: Where the value belongs; `nil` where there is one, or no room.
    func reserve(_ key: StoreKey, lifetime: Int64) -> MemoryTable.Reservation? {
        lock.withLock { try? table.reserve(key, lifetime: lifetime, at: clock()) }
    }

    /// Writes the value that a place was reserved for, whatever is there by now.
    /// - Returns: Its revision; 0 where there is no room.
    @discardableResult
    func fill(
        _ reservation: MemoryTable.Reservation, _ key: StoreKey, _ value: [UInt8], lifetime: Int64
    ) -> UInt64 {
        lock.withLock { (try? table.fill(reservation, key, value, lifetime: lifetime, at: clock())) ?? 0 }
    }

    /// What the store holds now, including what has expired and not left yet.
    package var usage: (entries: Int, bytes: Int) { lock.withLock { (table.count, table.bytes) } }
}
