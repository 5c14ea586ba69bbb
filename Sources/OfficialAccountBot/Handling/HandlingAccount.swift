public import Logging

/// What handling has to know of the account that a message came to. A class, so that to pass it on costs one reference
/// count.
public final class HandlingAccount: Sendable {
    /// The account's name. It is part of the keys of a store, so that every process must call the account the same.
    public let name: String
    /// What its lines in a log are counted under: of few values, whatever clients send.
    public let origin: String
    /// What happens to answers that are late.
    public let late: LateAnswers
    /// Calls out on behalf of the account, where it can make them.
    public let platform: (any PlatformAPI)?
    /// A logger that names the account, for handlers.
    public let logger: Logger

    /// Creates an account.
    /// - Parameters:
    ///   - name: The account's name.
    ///   - origin: What its lines in a log are counted under; by default the name.
    ///   - late: What happens to answers that are late.
    ///   - platform: Calls out on behalf of the account.
    ///   - logger: A logger that names the account.
    public init(
        name: String, origin: String? = nil, late: LateAnswers = LateAnswers(), platform: (any PlatformAPI)? = nil,
        logger: Logger = Logger(label: "bot")
    ) {
        self.name = name
        self.origin = origin ?? name
        self.late = late
        self.platform = platform
        self.logger = logger
    }
}
