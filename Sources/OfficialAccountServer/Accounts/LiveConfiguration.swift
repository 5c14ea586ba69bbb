internal import FastCGI
public import Logging
public import OfficialAccount
public import OfficialAccountBot

/// What a reload of the configuration replaces while requests are answered: the accounts and the age of requests.
///
/// A request sees one configuration from its beginning to its end.
public final class LiveConfiguration: Sendable {
    private let current: Locked<AccountDirectory>
    private let limits: MessageLimits
    private let logger: Logger
    private let store: (any Store)?
    private let platform: @Sendable (Credentials) -> (any PlatformAPI)?
    private let counting: Counting?
    private let placeholders: PlaceholderWarnings

    /// Creates a configuration.
    /// - Parameters:
    ///   - accounts: The accounts.
    ///   - maxAge: How far a request's time may be from the clock, in seconds; 0 for any.
    ///   - late: What accounts do with late answers that do not say otherwise.
    ///   - limits: What a message may cost at the most, for as long as the process runs: the server reads no larger
    ///     bodies than it was started for.
    ///   - logger: Where the accounts log.
    ///   - store: Where the accounts keep what has to outlive a request.
    ///   - platform: Makes the interface for calls out on behalf of an account.
    public convenience init(
        accounts: Accounts, maxAge: Int64, late: LateAnswers = LateAnswers(), limits: MessageLimits = MessageLimits(),
        logger: Logger, store: (any Store)? = nil,
        platform: @escaping @Sendable (Credentials) -> (any PlatformAPI)? = { _ in nil }
    ) {
        self.init(
            accounts: accounts, maxAge: maxAge, late: late, limits: limits, logger: logger, store: store,
            counting: nil, platform: platform)
    }

    init(
        accounts: Accounts, maxAge: Int64, late: LateAnswers, limits: MessageLimits, logger: Logger,
        store: (any Store)?, counting: Counting?, placeholders: PlaceholderWarnings = PlaceholderWarnings(),
        platform: @escaping @Sendable (Credentials) -> (any PlatformAPI)?
    ) {
        self.placeholders = placeholders
        self.limits = limits
        self.logger = logger
        self.store = store
        self.platform = platform
        self.counting = counting
        let common = AccountDirectory.Common(
            maxAge: maxAge, limits: limits, late: late, logger: logger, store: store, counting: counting,
            placeholders: placeholders, platform: platform)
        current = Locked(AccountDirectory(accounts, common))
    }

    /// Replaces the configuration for all requests that begin from now on.
    /// - Parameters:
    ///   - accounts: The accounts.
    ///   - maxAge: How far a request's time may be from the clock, in seconds; 0 for any.
    ///   - late: What accounts do with late answers that do not say otherwise.
    public func replace(accounts: Accounts, maxAge: Int64, late: LateAnswers = LateAnswers()) {
        let common = AccountDirectory.Common(
            maxAge: maxAge, limits: limits, late: late, logger: logger, store: store, counting: counting,
            placeholders: placeholders, platform: platform)
        let directory = AccountDirectory(accounts, common)
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
    convenience init(
        _ configuration: ServingConfiguration, logger: Logger, store: (any Store)?, counting: Counting?,
        placeholders: PlaceholderWarnings, platform: @escaping @Sendable (Credentials) -> (any PlatformAPI)?
    ) {
        let settings = configuration.settings
        self.init(
            accounts: configuration.accounts, maxAge: settings.maxAge, late: settings.late,
            limits: MessageLimits(bytes: settings.limits.bodyBytes), logger: logger, store: store,
            counting: counting, placeholders: placeholders, platform: platform)
    }
}
