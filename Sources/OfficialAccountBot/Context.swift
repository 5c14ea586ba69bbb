public import Logging

/// What a handler is told beside the message.
public struct Context: Sendable {
    /// The account's name, as it appears in logs; never a secret.
    public var account: String
    /// Which attempt at handling this message this is: 1, or more where a process died while handling it.
    public var attempt: Int
    /// What the groups of ``Matcher/text(matching:limits:)`` found; empty for other matchers.
    public var captures: Captures
    /// The sender's session, for a bot whose handlers all need it: see ``Bot/init(routes:prepare:)``.
    package var session: Session?
    /// The platform's interface for calls out on behalf of the account; `nil` where the account has no AppID and AppSecret,
    /// or the program does not make such calls.
    public var platform: (any PlatformAPI)?
    /// What is kept of the account's users between their messages; `nil` where there is no store.
    public var sessions: Sessions?
    /// A logger that names the account. What users write does not belong in a log.
    public var logger: Logger

    /// Creates a context.
    /// - Parameters:
    ///   - account: The account's name.
    ///   - attempt: Which attempt at handling the message this is, counted from 1.
    ///   - captures: What a pattern's groups found.
    ///   - platform: The platform's interface for calls out.
    ///   - sessions: What is kept of the account's users between their messages.
    ///   - logger: Where the handler logs.
    public init(
        account: String, attempt: Int = 1, captures: Captures = Captures(), platform: (any PlatformAPI)? = nil,
        sessions: Sessions? = nil, logger: Logger = Logger(label: "bot")
    ) {
        self.account = account
        self.attempt = attempt
        self.captures = captures
        self.platform = platform
        self.sessions = sessions
        self.logger = logger
    }

    /// Creates the context of a message of an account.
    /// - Parameters:
    ///   - account: The account.
    ///   - attempt: Which attempt at handling the message this is, counted from 1.
    public init(account: HandlingAccount, attempt: Int = 1) {
        self.init(
            account: account.name, attempt: attempt, platform: account.platform, sessions: account.sessions,
            logger: account.logger)
    }
}
