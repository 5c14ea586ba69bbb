public import FastCGI
internal import Glibc
public import Logging
internal import OfficialAccount
public import OfficialAccountBot

/// Answers the platform's requests: which gets which status and which body.
///
/// Everything about a request that is refused is decided before a handler hears of it, in this order: its method (405),
/// its account (404), its signature and age (403), its body (413, 400), what is in it (403, 400). So nobody who cannot
/// sign learns whether a body was read.
public struct Exchange: Sendable {
    private let bot: Bot
    private let handling: MessageHandling?
    private let configuration: LiveConfiguration
    private let log: ExchangeLog
    /// Answers at the path of the status, where there is one.
    let status: StatusPage?
    private let now: @Sendable () -> Int64

    /// Creates the exchange.
    /// - Parameters:
    ///   - bot: Who answers messages.
    ///   - handling: What handles each message once; without it every delivery is handled by itself.
    ///   - configuration: The accounts.
    ///   - logger: Where requests are logged.
    ///   - now: The clock, in seconds since 1970; by default the machine's.
    public init(
        bot: Bot, handling: MessageHandling? = nil, configuration: LiveConfiguration, logger: Logger,
        now: @escaping @Sendable () -> Int64 = Self.clock
    ) {
        self.init(
            bot: bot, handling: handling, configuration: configuration, logger: logger, status: nil, counting: nil,
            now: now)
    }

    init(
        bot: Bot, handling: MessageHandling?, configuration: LiveConfiguration, logger: Logger, status: StatusPage?,
        counting: Counting?, now: @escaping @Sendable () -> Int64
    ) {
        self.bot = bot
        self.handling = handling
        self.configuration = configuration
        log = ExchangeLog(logger, counting)
        self.status = status
        self.now = now
    }

    /// The machine's clock, in seconds since 1970.
    public static let clock: @Sendable () -> Int64 = { Int64(time(nil)) }

    /// Answers a request.
    /// - Parameter request: The request, whichever way it came.
    /// - Returns: The answer; errors are answers too.
    nonisolated(nonsending) public func respond(to request: Request) async -> Response {
        switch begin(request) {
        case .now(let response): response
        case .later(let work): await work()
        }
    }

    /// Begins to answer a request, which for nearly all of them ends there.
    ///
    /// It does not wait for anything, but for a handler that takes its time without suspending.
    /// - Parameter request: The request, whichever way it came.
    /// - Returns: The answer, or what works on it; errors are answers too.
    public func begin(_ request: Request) -> Answer {
        let line = log.begin()
        switch begin(request, line) {
        case .now(let response):
            log.end()
            return .now(response)
        case .later(let work):
            return .later {
                defer { log.end() }
                return await work()
            }
        }
    }

    private func begin(_ request: Request, _ line: ExchangeLog.Line) -> Answer {
        var line = line
        do throws(Denial) {
            let method = request.parameters.bytes(of: "REQUEST_METHOD") ?? []
            let isPost = method.withUnsafeBufferPointer { $0.holds("POST") }
            guard isPost || method.withUnsafeBufferPointer({ $0.holds("GET") }) else {
                throw Denial(kind: .method, reason: "a method other than GET and POST")
            }
            // A message has no time to lose: only what a browser may have asked for is looked at.
            if !isPost, let answer = status?.answer(request) { return .now(answer) }
            let account = try account(of: request)
            line.account = account
            return isPost ? try answer(request, account, &line) : .now(try verify(request, account, &line))
        } catch {
            return .now(deny(atStatusPath(request, error), line))
        }
    }

    private func deny(_ denial: Denial, _ line: ExchangeLog.Line) -> Response {
        log.denied(denial, line, second: now())
        return denial.response
    }

    /// What is wrong with a request that got no answer, when it was for the status: the method.
    private func atStatusPath(_ request: Request, _ error: Denial) -> Denial {
        guard let status, status.isAsked(request) else { return error }
        return Denial(kind: .method, reason: "a method other than GET at the path of the status")
    }

    private func account(of request: Request) throws(Denial) -> AccountDirectory.Served {
        do throws(AccountDirectory.Missing) {
            return try configuration.account(of: request)
        } catch {
            throw Denial(error)
        }
    }

    /// URL verification: the answer is what the platform sent, byte for byte.
    private func verify(
        _ request: Request, _ account: AccountDirectory.Served, _ line: inout ExchangeLog.Line
    ) throws(Denial) -> Response {
        let body = try denying { () throws(CallbackError) in
            try account.callback.echo(CallbackQuery(request.query), now: now(), maxAge: account.maxAge)
        }
        log.verified(line)
        // A browser that was led here must not take what is echoed for a page.
        return Response(
            contentType: "text/plain", headers: [Response.Header("X-Content-Type-Options", "nosniff")], body: body)
    }

    private func answer(
        _ request: Request, _ account: AccountDirectory.Served, _ line: inout ExchangeLog.Line
    ) throws(Denial) -> Answer {
        let delivery = try open(request, account)
        line.message = delivery.message
        log.accepted(delivery.message, line)
        let line = line
        guard let handling else {
            return .later { seal(await reply(to: delivery.message, account, line), for: delivery, account, line) }
        }
        switch handling.begin(delivery.message, for: account.handling) {
        case .now(let verdict): return .now(respond(with: verdict, to: delivery, account, line))
        case .later(let work): return .later { respond(with: await work(), to: delivery, account, line) }
        }
    }

    /// What is answered to a message where nothing is remembered of those before.
    nonisolated(nonsending) private func reply(
        to message: Message, _ account: AccountDirectory.Served, _ line: ExchangeLog.Line
    ) async -> Reply {
        do {
            return try await (account.handling.bot ?? bot).answer(message, Context(account: account.handling))
        } catch {
            log.handlerFailed(error, line, second: now())
            return account.handling.late.apologyReply
        }
    }

    private func respond(
        with verdict: MessageHandling.Verdict, to delivery: Delivery, _ account: AccountDirectory.Served,
        _ line: ExchangeLog.Line
    ) -> Response {
        switch verdict {
        case .reply(let reply): seal(reply, for: delivery, account, line)
        case .unanswered: leaveToTheNext(line)
        case .busy: deny(Denial(kind: .busy, reason: "too many handlers are waiting (max_requests)"), line)
        }
    }

    /// Ends a delivery that nobody waits for any more. No refusal: the platform has given it up, or will, and delivers the
    /// message again.
    private func leaveToTheNext(_ line: ExchangeLog.Line) -> Response {
        log.leftToTheNext(line)
        return Response(status: 504, body: Array("no answer in this delivery\n".utf8))
    }

    private func seal(
        _ reply: Reply, for delivery: Delivery, _ account: AccountDirectory.Served, _ line: ExchangeLog.Line
    ) -> Response {
        var generator = ReplyRandomness()
        let sealed = account.callback.seal(reply, for: delivery, createTime: now(), using: &generator)
        log.answered(reply, sealed, line, second: now())
        return Response(contentType: sealed.contentType, body: sealed.body)
    }

    /// The message of a request, once it is clear that the platform sent it.
    private func open(_ request: Request, _ account: AccountDirectory.Served) throws(Denial) -> Delivery {
        let query = CallbackQuery(request.query)
        let body: [UInt8]
        do throws(BodyError) {
            body = try request.body
        } catch {
            // What a signature over the body would say cannot be known any more; the one over the query still counts.
            try denying { () throws(CallbackError) in
                try account.callback.verify(query, now: now(), maxAge: account.maxAge)
            }
            throw Denial(error)
        }
        do throws(CallbackError) {
            return try account.callback.open(body, query: query, now: now(), maxAge: account.maxAge)
        } catch {
            throw Denial(error)
        }
    }

    private func denying<Value>(_ body: () throws(CallbackError) -> Value) throws(Denial) -> Value {
        do throws(CallbackError) {
            return try body()
        } catch {
            throw Denial(error)
        }
    }
}
