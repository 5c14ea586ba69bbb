public import OfficialAccountBot

/// A store in a file of this machine's, which any number of its processes may use at once (SQLite, write-ahead log).
///
/// What was committed outlives the process, however it ends; where the whole machine goes down, the last moments may be
/// lost. The file must not be on a network file system. It holds what users write, so nobody but its owner can read it.
public final class SQLiteStore: Store {
    private let queue: StoreQueue

    /// Opens the file, or makes it.
    /// - Parameters:
    ///   - path: The file. Its folder has to exist and to be writable: two more files are kept beside it, whose names end
    ///     in `-wal` and `-shm`.
    ///   - maximumBytes: How large the file may become; at least 1 MiB. Where nothing more fits, transactions that write
    ///     fail.
    /// - Throws: `StoreError` with what is wrong with the path, or with what is there.
    public init(path: String, maximumBytes: Int = 1 << 30) throws(StoreError) {
        var backend = SQLiteBackend(path: path, maximumBytes: max(maximumBytes, 1 << 20))
        try backend.open()
        queue = try StoreQueue(backend)
    }

    /// `true`: other processes of this machine may use the file, and those that come after this one.
    public var isShared: Bool { true }

    /// Carries out a transaction, together with others that come at the same time.
    /// - Throws: `StoreError` where the file cannot be read or written now; the next call tries again.
    nonisolated(nonsending) public func commit(
        _ transaction: StoreTransaction
    ) async throws(StoreError) -> StoreOutcome {
        try await queue.commit(transaction)
    }

    /// Finishes what was begun and closes the file.
    public func close() async { await queue.close() }
}
