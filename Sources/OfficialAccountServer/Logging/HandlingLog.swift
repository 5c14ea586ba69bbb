internal import FastCGI
internal import Logging
internal import OfficialAccount
internal import OfficialAccountBot

/// Turns what happens to messages into log lines, a few of a kind in a minute. None holds what a user wrote, who it was,
/// or what was answered: a message is named by its number or time, as in the line of its request.
struct HandlingLog: Sendable {
    private struct Kind: Hashable, Sendable {
        var account: String?
        var event: String
    }

    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let limiter = Locked(LineLimiter<Kind>())
    /// The accounts of which it was said that they have no customer service.
    private let withoutService = FirstTimes(most: 256)

    init(_ logger: Logger, now: @escaping @Sendable () -> Int64) {
        self.logger = logger
        self.now = now
    }

    /// Logs an event.
    func observe(_ event: HandlingEvent, _ account: HandlingAccount?, _ message: Message?) {
        if case .deferred = event, let account { tellOfMissingService(account) }
        let line = event.line
        let logger = account?.logger ?? logger
        guard logger.logLevel <= line.level else { return }
        let kind = Kind(account: account?.origin, event: line.kind)
        guard let leftOut = limiter.withLock({ $0.admit(kind, second: now()) }) else { return }
        var metadata = message?.logMetadata ?? [:]
        if let error = line.error { metadata["error"] = .string(error) }
        if leftOut > 0 { metadata["left_out"] = .stringConvertible(leftOut) }
        logger.log(level: line.level, "\(line.text)", metadata: metadata)
    }

    /// Says once of an account what its late answers become, where they cannot go as it asks for.
    private func tellOfMissingService(_ account: HandlingAccount) {
        guard account.late.mode == .customerService, account.platform == nil,
            withoutService.isFirst(account.origin)
        else { return }
        account.logger.warning(
            """
            a late answer waits to be collected, as with late: collect, since customer_service needs an AppID and an \
            AppSecret: set app_id and app_secret with the account, or WECHAT_APP_ID and WECHAT_APP_SECRET where the web \
            server sets WECHAT_TOKEN, or late: collect
            """)
    }
}

extension HandlingEvent {
    fileprivate var line: (level: Logger.Level, kind: String, text: String, error: String?) {
        switch self {
        case .handlerFailed(let error):
            let name = ExchangeLog.name(of: error)
            return (
                .error, "handlerFailed " + name, "a handler failed; the message is not handled again",
                ExchangeLog.text(of: error)
            )
        case .handlerTimedOut:
            return (
                .error, "handlerTimedOut", "a handler had no answer in time (handler_timeout) and was cancelled", nil
            )
        case .joined(let delivery):
            return (
                .info, "joined", "delivery \(delivery) of a message that is being handled waits for its answer", nil
            )
        case .repeated: return (.info, "repeated", "another delivery of a message got the same answer", nil)
        case .deferred: return (.info, "deferred", "the answer is late; the user was told, or gets it later", nil)
        case .collected: return (.info, "collected", "an answer that was owed went out", nil)
        case .sentLater: return (.info, "sentLater", "a late answer was sent by customer service", nil)
        case .sendingFailed(let error):
            return (.error, "sendingFailed", "a late answer waits to be collected: \(error)", nil)
        case .dropped: return (.warning, "dropped", "a late answer was dropped (late: off)", nil)
        case .erased(let answers):
            return (.info, "erased", "a user left the account; what was owed was erased (answers: \(answers))", nil)
        case .crowdedOut(let answers):
            return (
                .warning, "crowdedOut",
                """
                a user is owed more than is kept for one; the oldest was dropped (answers: \(answers)): make answers faster \
                or shorter, so that fewer wait, or have them sent (late: customer_service)
                """, nil
            )
        case .takenOver(let attempt):
            return (.warning, "takenOver", "a message is handled again (attempt \(attempt)): its process has died", nil)
        case .overtaken:
            return (
                .warning, "overtaken", "another process took a message over that was handled here; dropped here", nil
            )
        case .storeFailed(let error):
            return (.error, "storeFailed", "duplicates are not caught across processes: \(error)", nil)
        case .storeRecovered: return (.notice, "storeRecovered", "the store can be used again", nil)
        }
    }
}
