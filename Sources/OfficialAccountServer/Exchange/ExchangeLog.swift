internal import FastCGI
internal import Logging
internal import OfficialAccount
internal import OfficialAccountBot

/// What the exchange logs: at `info` one line a request, and from `notice` on what somebody may want to look into.
///
/// A line never holds what a user wrote, what a handler answered, or anything of a request that failed its checks.
/// Below `info` a request that is answered costs the log one comparison.
struct ExchangeLog: Sendable {
    /// What is known of a request so far.
    struct Line {
        /// When the request began; `nil` where nobody wants to know.
        var start: ContinuousClock.Instant?
        /// The same on a clock that costs less, for what is counted.
        var began: Int64 = 0
        var account: AccountDirectory.Served?
        var message: Message?
    }

    /// What lines are counted under. Requests that anybody can make up use up what is written of their own reason, so
    /// that the line which says what an owner has to mend is still written.
    private struct Kind: Hashable, Sendable {
        enum Topic: Hashable, Sendable {
            case denied(Denial.Topic)
            case handlerFailed(String)
            case replyChanged
        }

        /// The account as it is configured; `nil` where a request had none.
        var account: String?
        var topic: Topic
    }

    private let logger: Logger
    private let limiter = Locked(LineLimiter<Kind>())
    /// What is counted beside; `nil` where nobody wants to know.
    private let counting: Counting?

    init(_ logger: Logger, _ counting: Counting? = nil) {
        self.logger = logger
        self.counting = counting
    }

    /// Begins a request.
    func begin() -> Line {
        var line = Line(start: logger.logLevel <= .info ? .now : nil)
        if let counting {
            counting.began()
            line.began = SystemClock.nanoseconds
        }
        return line
    }

    /// Ends a request, whatever became of it.
    func end() { counting?.end() }

    /// A message has passed all checks.
    func accepted(_ message: Message, _ line: Line) { line.account?.counts?.accepted(message) }

    /// The platform has verified the URL.
    func verified(_ line: Line) {
        line.account?.counts?.verifiedURL()
        answered("verified", line)
    }

    /// A request was answered as it should be.
    private func answered(_ outcome: @autoclosure () -> String, _ line: Line) {
        guard line.start != nil else { return }
        logger(for: line).info("\(outcome())", metadata: metadata(line))
    }

    /// A message was answered with a reply.
    func answered(_ reply: Reply, _ sealed: SealedReply, _ line: Line, second: Int64) {
        if !sealed.warnings.isEmpty, let leftOut = admit(.replyChanged, line, second) {
            let text = sealed.warnings.map(\.description).joined(separator: "; ")
            logger(for: line).warning("reply changed: \(text)", metadata: metadata(line, leftOut: leftOut))
        }
        line.account?.counts?.answered(
            isReply: reply != .none, nanoseconds: SystemClock.nanoseconds - line.began)
        answered("answered: \(reply.kind)", line)
    }

    /// A request got an error for an answer.
    func denied(_ denial: Denial, _ line: Line, second: Int64) {
        counting?.denied(denial.kind)
        let level: Logger.Level = denial.kind == .misconfigured ? .error : .notice
        guard logger.logLevel <= level, let leftOut = admit(.denied(denial.topic), line, second) else { return }
        var metadata = metadata(line, leftOut: leftOut)
        metadata["status"] = .stringConvertible(denial.kind.status)
        // Who put the right ones into the file would look for the mistake there.
        let source = denial.isAboutCredentials && line.account?.replacesFile == true ? Self.variablesWin : ""
        logger(for: line).log(level: level, "refused: \(denial.reason)\(source)", metadata: metadata)
    }

    private static let variablesWin = """
        ; the Token is that of the web server's variable WECHAT_TOKEN, which wins over all credentials that the \
        configuration file has for this path: take it out of the web server, or put the same there
        """

    /// A delivery ends without an answer, since the next one is to have it.
    func leftToTheNext(_ line: Line) {
        line.account?.counts?.leftToTheNext()
        answered("left to the next delivery: there is no answer yet", line)
    }

    /// A handler threw. Its error may hold what a user wrote, so that only its type is logged and, of an enumeration,
    /// the name of its case.
    func handlerFailed(_ error: any Error, _ line: Line, second: Int64) {
        line.account?.counts?.failed(
            isTimeout: false, apologizes: line.account?.handling.late.apology != nil)
        let name = Self.name(of: error)
        guard let leftOut = admit(.handlerFailed(name), line, second) else { return }
        var metadata = metadata(line, leftOut: leftOut)
        metadata["error"] = .string(Self.text(of: error))
        logger(for: line).error("a handler failed", metadata: metadata)
    }

    private func admit(_ topic: Kind.Topic, _ line: Line, _ second: Int64) -> Int? {
        // Who asks for a line a request gets them all.
        guard line.start == nil else { return 0 }
        let kind = Kind(account: line.account?.origin, topic: topic)
        return limiter.withLock { $0.admit(kind, second: second) }
    }

    private func logger(for line: Line) -> Logger { line.account?.logger ?? logger }

    private func metadata(_ line: Line, leftOut: Int = 0) -> Logger.Metadata {
        var metadata = line.message?.logMetadata ?? [:]
        if let start = line.start {
            let parts = (ContinuousClock.now - start).components
            let tenths = parts.seconds * 10_000 + parts.attoseconds / 100_000_000_000_000
            metadata["ms"] = "\(tenths / 10).\(tenths % 10)"
        }
        if leftOut > 0 { metadata["left_out"] = .stringConvertible(leftOut) }
        return metadata
    }

    /// What a line shows of an error.
    static func text(of error: any Error) -> String {
        if let error = error as? any LoggableError { error.description } else { name(of: error) }
    }

    /// What may be logged of an error that a handler threw.
    static func name(of error: any Error) -> String {
        let type = String(reflecting: type(of: error))
        let mirror = Mirror(reflecting: error)
        guard mirror.displayStyle == .enum, let name = mirror.children.first?.label else { return type }
        return "\(type).\(name)"
    }
}

extension Message {
    /// What names the message in a log: nothing of what was written, and not who wrote it.
    var logMetadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["type": .string(Self.short(type.rawValue))]
        if let event { metadata["event"] = .string(Self.short(event.rawValue)) }
        if let messageID {
            metadata["message"] = .stringConvertible(messageID)
        } else {
            metadata["created"] = .stringConvertible(createTime)
        }
        return metadata
    }

    /// A name that came with a message, no longer than any that the platform has.
    private static func short(_ name: String) -> String {
        name.utf8.count <= 64 ? name : String(name.unicodeScalars.prefix(64)) + "…"
    }
}
