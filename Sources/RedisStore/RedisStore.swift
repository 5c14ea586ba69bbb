public import OfficialAccountBot

/// A store in a Redis or Valkey server, which the processes of any number of machines may use at once.
///
/// A transaction is one script, so that nobody sees it half done. Where the server cannot be reached, callers are told so
/// at once; it is tried again once a second. A server that forgets (a restart without persistence, a lack of memory) is as
/// if the values had expired.
public final class RedisStore: Store {
    private let queue: StoreQueue

    /// Creates a store; it connects when it is first used, or by ``connect()``.
    /// - Parameters:
    ///   - url: `redis://[[user]:password@]host[:port][/database]`, or `redis+unix:/path[?db=database]` for a Unix socket
    ///     (`unix:` is the same; a user and a password stand as in `redis+unix://user:password@/path`). What a URL cannot
    ///     hold is percent-encoded.
    ///   - prefix: What all keys on the server begin with, so that several stores can share a database.
    ///   - timeout: For how many milliseconds a connection, and then an answer, is waited for.
    /// - Throws: `StoreError` where the URL is not one of these.
    public init(url: String, prefix: String = "wechat-fcgi:", timeout: Int = 1000) throws(StoreError) {
        let address = try RedisAddress(parsing: url)
        queue = try StoreQueue(RedisBackend(address: address, prefix: prefix, timeout: max(timeout, 1)))
    }

    /// `true`: whoever reaches the server may use the store.
    public var isShared: Bool { true }

    /// Connects now, so that a mistake in the URL is noticed when the program starts.
    /// - Throws: `StoreError` where the server cannot be reached, or refuses the password or the database.
    public func connect() async throws(StoreError) { _ = try await queue.commit(StoreTransaction()) }

    /// Carries out a transaction, together with others that come at the same time.
    /// - Throws: `StoreError` where the server cannot be reached or cannot do it. Where the connection broke meanwhile the
    ///   change may have been made.
    nonisolated(nonsending) public func commit(
        _ transaction: StoreTransaction
    ) async throws(StoreError) -> StoreOutcome {
        try await queue.commit(transaction)
    }

    /// Finishes what was begun and closes the connection.
    public func close() async { await queue.close() }
}
