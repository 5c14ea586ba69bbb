public import Logging
public import OfficialAccount

/// What handling has to know of the account that a message came to. A class, so that to pass it on costs one reference
/// count.
public final class HandlingAccount: Sendable {
    /// The account's name, for people.
    public let name: String
    /// What the keys of a store begin with: the same in every process, and of no other account.
    public let key: String
    /// What its lines in a log are counted under: of few values, whatever clients send.
    public let origin: String
    /// In how many parts a long text is sent at the most.
    public let mostParts: Int
    /// What happens to answers that are late.
    public let late: LateAnswers
    /// Who answers its messages; `nil` for the bot of the process.
    public let bot: Bot?
    /// Calls out on behalf of the account, where it can make them.
    public let platform: (any PlatformAPI)?
    /// What is kept of its users between their messages.
    public let sessions: Sessions?
    /// A logger that names the account, for handlers.
    public let logger: Logger

    /// Creates an account.
    /// - Parameters:
    ///   - name: The account's name.
    ///   - key: What the keys of a store begin with; by default the name.
    ///   - origin: What its lines in a log are counted under; by default the name.
    ///   - mostParts: In how many parts a long text is sent at the most.
    ///   - late: What happens to answers that are late.
    ///   - bot: Who answers its messages; by default the bot of the process.
    ///   - platform: Calls out on behalf of the account.
    ///   - sessions: What is kept of its users between their messages.
    ///   - logger: A logger that names the account.
    public init(
        name: String, key: String? = nil, origin: String? = nil, mostParts: Int = Reply.mostParts,
        late: LateAnswers = LateAnswers(), bot: Bot? = nil, platform: (any PlatformAPI)? = nil,
        sessions: Sessions? = nil, logger: Logger = Logger(label: "bot")
    ) {
        self.name = name
        self.key = key ?? name
        self.origin = origin ?? name
        self.mostParts = mostParts
        self.late = late
        self.bot = bot
        self.platform = platform
        self.sessions = sessions
        self.logger = logger
    }
}
