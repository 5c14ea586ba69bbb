/// The sessions of an account's users, in the store that all processes of the account share.
///
/// ```swift
/// On(.text(equalTo: "查订单")) { message, context in
///     try await context.sessions?.change(of: message.fromUserName) { $0.state = "order number" }
///     return .text("请输入订单号")
/// }
/// ```
public struct Sessions: Sendable {
    /// How many bytes a session takes at the most.
    public static let largest = 16 << 10
    /// How long a session is kept after it was changed last where nothing else is said, in seconds.
    public static let defaultLifetime: Double = 1800

    /// Where they are kept.
    public let store: any Store
    /// What the keys of the store begin with: the same in every process, and of no other account.
    public let account: String

    /// Creates the sessions of an account.
    /// - Parameters:
    ///   - store: Where they are kept.
    ///   - account: What the keys of the store begin with.
    public init(store: any Store, account: String) {
        self.store = store
        self.account = account
    }

    /// The session of a user.
    /// - Parameter openID: The user's OpenID.
    /// - Returns: An empty session where there is none, or none any more.
    /// - Throws: ``StoreError`` where the store cannot be used now.
    nonisolated(nonsending) public func session(of openID: String) async throws(StoreError) -> Session {
        let outcome = try await store.commit(StoreTransaction(reads: [key(openID)]))
        return outcome.values[0].flatMap { Session($0.bytes) } ?? Session()
    }

    /// Changes the session of a user as one step, whatever other processes do meanwhile.
    /// - Parameters:
    ///   - openID: The user's OpenID.
    ///   - lifetime: For how many seconds from now it is kept.
    ///   - change: Makes the change. Called again where somebody else has changed the session in between.
    /// - Returns: The session as it is now.
    /// - Throws: ``StoreError`` where the store cannot be used now, and where the session would be larger than
    ///   ``largest``.
    @discardableResult
    nonisolated(nonsending) public func change(
        of openID: String, lifetime: Double = Self.defaultLifetime, _ change: @Sendable (inout Session) -> Void
    ) async throws(StoreError) -> Session {
        let key = key(openID)
        while true {
            let old = try await store.commit(StoreTransaction(reads: [key])).values[0]
            var session = old.flatMap { Session($0.bytes) } ?? Session()
            change(&session)
            guard !session.isEmpty || old != nil else { return session }
            let bytes = session.isEmpty ? nil : session.bytes
            guard (bytes?.count ?? 0) <= Self.largest else {
                throw StoreError("a session takes at most \(Self.largest) bytes; keep less in it")
            }
            let outcome = try await store.commit(
                StoreTransaction(
                    conditions: [.init(key, old?.revision ?? 0)],
                    writes: [.init(key, bytes, lifetime: Int64(max(lifetime, 0.001) * 1000))]))
            if outcome.isApplied { return session }
        }
    }

    /// Forgets the session of a user.
    /// - Parameter openID: The user's OpenID.
    /// - Throws: ``StoreError`` where the store cannot be used now.
    nonisolated(nonsending) public func end(of openID: String) async throws(StoreError) {
        _ = try await store.commit(StoreTransaction(writes: [.init(key(openID), nil, lifetime: 0)]))
    }

    private func key(_ openID: String) -> StoreKey { HandlingKeys.session(of: openID, account: account) }
}
