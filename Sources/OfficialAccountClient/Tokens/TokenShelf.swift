internal import Crypto
internal import OfficialAccount
internal import OfficialAccountBot

/// What the store keeps of an account's access token, shared by all processes that serve the account.
struct TokenShelf: Sendable {
    /// What was found at one moment.
    struct State: Sendable {
        var token: AccessToken?
        var tokenRevision: UInt64
        /// Whether a process is fetching a token.
        var isLocked: Bool
        /// Why the last fetching failed, for a short time after it did.
        var failure: PlatformError?
        /// Whether a renewal was forced a short time ago.
        var wasForced: Bool
    }

    /// The right to fetch a token.
    struct Lock: Sendable { var revision: UInt64 }

    let store: any Store
    let timing: TokenTiming
    private let token: StoreKey
    private let lock: StoreKey
    private let failure: StoreKey
    private let forcing: StoreKey
    private let forced: StoreKey

    init(store: any Store, appID: AppID, appSecret: AppSecret, timing: TokenTiming) {
        self.store = store
        self.timing = timing
        func key(_ kind: String) -> StoreKey { StoreKey(Array("access-token/\(appID.rawValue)/\(kind)".utf8)) }
        lock = key("lock")
        forcing = key("forced")
        forced = key("forced-today")
        // A token is for those who have the AppSecret, and a process that still has an old one must not make those fail
        // that have the new one.
        let mark = SHA256.hash(data: Array(appSecret.rawValue.utf8)).prefix(8).map { String($0, radix: 16) }.joined()
        token = key("token/\(mark)")
        failure = key("failure/\(mark)")
    }

    /// Looks at everything at once.
    func look() async throws(StoreError) -> State {
        let values = try await store.commit(StoreTransaction(reads: [token, lock, failure, forcing])).values
        guard values.count == 4 else { throw StoreError("the store did not answer what it was asked") }
        return State(
            token: values[0].flatMap { AccessToken($0.bytes) }, tokenRevision: values[0]?.revision ?? 0,
            isLocked: values[1] != nil, failure: values[2].flatMap { PlatformError(kept: $0.bytes) },
            wasForced: values[3] != nil)
    }

    /// Takes the right to fetch a token.
    /// - Returns: `nil` where another process has it, or the token is another one by now.
    func acquire(_ seen: State) async throws(StoreError) -> Lock? {
        let outcome = try await store.commit(
            StoreTransaction(
                conditions: [.init(lock, 0), .init(token, seen.tokenRevision)],
                writes: [.init(lock, [1], lifetime: timing.lock)]))
        return outcome.isApplied ? Lock(revision: outcome.revision) : nil
    }

    /// Takes the right to force a renewal.
    /// - Returns: The lock for a further while, or `nil` where one was forced a short time ago, too many were forced in
    ///   a day, or the lock is lost.
    func acquireForcing(_ held: Lock, now: Int64) async throws(StoreError) -> Lock? {
        let kept = try await store.commit(StoreTransaction(reads: [forced])).values[0]
        let parts = String(decoding: kept?.bytes ?? [], as: UTF8.self).split(separator: " ").compactMap { Int64($0) }
        var (count, end) = parts.count == 2 ? (parts[0], parts[1]) : (0, 0)
        // One that ends later than a day from now was written by a clock that was wrong.
        if end <= now || end > now + timing.day { (count, end) = (0, now + timing.day) }
        guard count < timing.mostForced else { return nil }
        let outcome = try await store.commit(
            StoreTransaction(
                conditions: [.init(lock, held.revision), .init(forcing, 0), .init(forced, kept?.revision ?? 0)],
                writes: [
                    .init(lock, [1], lifetime: timing.lock), .init(forcing, [1], lifetime: timing.forcing),
                    .init(forced, Array("\(count + 1) \(end)".utf8), lifetime: end - now),
                ]))
        return outcome.isApplied ? Lock(revision: outcome.revision) : nil
    }

    /// Keeps a token and gives back the right to fetch one.
    /// - Returns: Whether it was kept: not where the lock was lost meanwhile.
    func put(_ new: AccessToken, _ held: Lock, now: Int64) async throws(StoreError) -> Bool {
        try await store.commit(
            StoreTransaction(
                conditions: [.init(lock, held.revision)],
                writes: [
                    .init(token, new.bytes, lifetime: max(1, new.end - now)), .init(lock, nil, lifetime: 0),
                    .init(failure, nil, lifetime: 0),
                ])
        ).isApplied
    }

    /// Keeps a failure for a short time and gives back the right to fetch a token.
    func put(_ error: PlatformError, _ held: Lock) async throws(StoreError) {
        _ = try await store.commit(
            StoreTransaction(
                conditions: [.init(lock, held.revision)],
                writes: [
                    .init(failure, error.kept, lifetime: error.isRefusal ? timing.refusal : timing.outage),
                    .init(lock, nil, lifetime: 0),
                ]))
    }
}

extension PlatformError {
    /// Whether the platform was reached and said no.
    var isRefusal: Bool { errcode != nil }

    /// The error as it is kept in a store.
    fileprivate var kept: [UInt8] {
        let kind =
            switch reason {
            case .refused(let errcode): String(errcode)
            case .unreadable: "unreadable"
            default: "unreachable"
            }
        return Array("\(kind) \(description)".utf8)
    }

    /// Reads what is kept in a store.
    fileprivate init?(kept bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let description = String(parts[1])
        switch parts[0] {
        case "unreadable": self.init(.unreadable, description)
        case "unreachable": self.init(.unreachable, description)
        default:
            guard let errcode = Int(parts[0]) else { return nil }
            self.init(.refused(errcode: errcode), description)
        }
    }
}
