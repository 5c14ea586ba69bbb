internal import FastCGI
public import Logging
public import OfficialAccount

/// What a reload of the configuration replaces while requests are answered: the accounts and the age of requests.
///
/// A request sees one configuration from its beginning to its end.
public final class LiveConfiguration: Sendable {
    private let current: Locked<AccountDirectory>
    private let limits: MessageLimits
    private let logger: Logger

    /// Creates a configuration.
    /// - Parameters:
    ///   - accounts: The accounts.
    ///   - maxAge: How far a request's time may be from the clock, in seconds; 0 for any.
    ///   - limits: What a message may cost at the most, for as long as the process runs: the server reads no larger
    ///     bodies than it was started for.
    ///   - logger: Where the accounts log.
    public init(accounts: Accounts, maxAge: Int64, limits: MessageLimits = MessageLimits(), logger: Logger) {
        self.limits = limits
        self.logger = logger
        current = Locked(AccountDirectory(accounts, maxAge: maxAge, limits: limits, logger: logger))
    }

    /// Replaces the configuration for all requests that begin from now on.
    /// - Parameters:
    ///   - accounts: The accounts.
    ///   - maxAge: How far a request's time may be from the clock, in seconds; 0 for any.
    public func replace(accounts: Accounts, maxAge: Int64) {
        let directory = AccountDirectory(accounts, maxAge: maxAge, limits: limits, logger: logger)
        current.withLock { $0 = directory }
    }

    /// The account of a request.
    func account(of request: Request) throws(AccountDirectory.Missing) -> AccountDirectory.Served {
        try directory.account(of: request)
    }

    /// The configuration that is in force.
    var directory: AccountDirectory { current.withLock { $0 } }
}

extension LiveConfiguration {
    /// Creates the configuration that a process starts with.
    convenience init(_ configuration: ServingConfiguration, logger: Logger) {
        let settings = configuration.settings
        self.init(
            accounts: configuration.accounts, maxAge: settings.maxAge,
            limits: MessageLimits(bytes: settings.limits.bodyBytes), logger: logger)
    }
}
