/// How it goes with an account's access token, for whoever watches the program. Holds no token.
public struct AccessTokenHealth: Sendable, Equatable {
    /// When one was fetched last, in milliseconds since 1970; `nil` for never.
    public var refreshed: Int64?
    /// When fetching one failed last, in milliseconds since 1970; `nil` for never.
    public var failed: Int64?
    /// Why it failed last.
    public var failure: PlatformError?

    /// Creates a state in which nothing has happened yet.
    public init() {}
}

/// A ``PlatformAPI`` that can say how it goes with its access token.
public protocol AccessTokenReporting: PlatformAPI {
    /// How it goes, as far as this process knows. Asked once a second; must not wait.
    var accessTokenHealth: AccessTokenHealth { get }
}
