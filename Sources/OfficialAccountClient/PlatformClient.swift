public import Logging
public import OfficialAccount
public import OfficialAccountBot

/// The platform's interface for one account.
///
/// ```swift
/// let connections = PlatformConnections()
/// let platform = PlatformClient(credentials: credentials, store: store, connections: connections)
/// try await platform.send(.text("好了"), to: openID)
/// await platform.finish()
/// await connections.shutdown()
/// ```
///
/// The access token is fetched from `/cgi-bin/stable_token` when a call needs it, kept in the store, and fetched by one
/// process at a time. Copies of a client share what they know; make one for an account and keep it.
public struct PlatformClient: Sendable {
    let caller: Caller
    private let tokens: AccessTokens?

    /// Prepares calls for an account; none is made yet.
    /// - Parameters:
    ///   - credentials: The account's. Calls need its AppID and AppSecret, and fail with
    ///     `PlatformError.Reason.noCredentials` without.
    ///   - store: Where the access token is kept, shared by all processes that serve the account.
    ///   - connections: The process's connections.
    ///   - address: Where the platform is reached.
    ///   - logger: Where failures in the background are logged, a line a minute at the most. It should name the account.
    public init(
        credentials: Credentials, store: any Store, connections: PlatformConnections,
        address: PlatformAddress = .weixin, logger: Logger = Logger(label: "platform")
    ) {
        self.init(
            credentials: credentials, store: store, connections: connections, address: address, logger: logger,
            timing: TokenTiming())
    }

    init(
        credentials: Credentials, store: any Store, connections: PlatformConnections, address: PlatformAddress,
        logger: Logger, timing: TokenTiming
    ) {
        let caller = Caller(connections: connections, address: address)
        self.caller = caller
        guard let appID = credentials.appID, let appSecret = credentials.appSecret else {
            tokens = nil
            return
        }
        tokens = AccessTokens(
            source: TokenSource(caller: caller, appID: appID, appSecret: appSecret),
            shelf: TokenShelf(store: store, appID: appID, appSecret: appSecret, timing: timing), logger: logger)
    }

    /// Waits until a token that is being fetched in the background has been kept. To be called before the process ends.
    public func finish() async { await tokens?.finish() }

    /// Makes a call with the access token; once more with another token where the platform does not take it.
    func withToken<Value>(
        _ call: (_ query: (name: String, value: String)) async throws(PlatformError) -> Value
    ) async throws(PlatformError) -> Value {
        guard let tokens else {
            throw PlatformError(
                .noCredentials, "calls to the platform need the account's AppID and AppSecret; add them to its settings"
            )
        }
        let token = try await tokens.current()
        do {
            return try await call(("access_token", token.value))
        } catch {
            guard let errcode = error.errcode, Refusal.tokenCodes.contains(errcode) else { throw error }
        }
        let other = try await tokens.replacement(of: token)
        return try await call(("access_token", other.value))
    }
}

extension PlatformClient: AccessTokenReporting {
    /// How it goes with the access token, as far as this process knows.
    public var accessTokenHealth: AccessTokenHealth { tokens?.health ?? AccessTokenHealth() }
}

extension PlatformClient: CustomStringConvertible, CustomReflectable {
    /// The type's name and where the platform is reached; nothing secret.
    public var description: String { "PlatformClient(\(caller.address))" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
