public import OfficialAccount

/// What an account answers: handlers, tried in order; the first that matches answers.
///
/// ```swift
/// let bot = Bot {
///     On(.text(equalTo: "帮助", "help")) { _, _ in .text("1. 天气\n2. 订单") }
///     On(.text) { message, _ in .text(message.content) }
///     On(.subscribe) { _, _ in .text("Hi~ 终于等到你") }
///     Otherwise { _, _ in .none }
/// }
/// ```
public struct Bot: Sendable {
    private let dispatcher: Dispatcher
    private let prepare: (@Sendable (Message, inout Context) async -> Void)?

    /// Creates a bot from its handlers.
    /// - Parameter routes: The handlers, in the order in which they are tried.
    /// - Throws: What building the handlers throws, such as a pattern that does not compile.
    public init(@BotBuilder _ routes: () throws -> [Route]) rethrows {
        self.init(routes: try routes())
    }

    /// Creates a bot from handlers that were put together elsewhere.
    /// - Parameter routes: The handlers, in the order in which they are tried.
    public init(routes: [Route]) { self.init(routes: routes, prepare: nil) }

    /// Creates a bot whose handlers need something that is fetched once for each message.
    package init(routes: [Route], prepare: (@Sendable (Message, inout Context) async -> Void)?) {
        dispatcher = Dispatcher(routes)
        self.prepare = prepare
    }

    /// The answer to a message: that of the first handler that matches.
    /// - Parameters:
    ///   - message: The message or event.
    ///   - context: What the handler is told beside it.
    /// - Returns: The handler's reply, or `Reply.none` where no handler matches.
    /// - Throws: What the handler throws, or ``PatternError`` where patterns ran into their limits.
    nonisolated(nonsending) public func answer(_ message: Message, _ context: Context) async throws -> Reply {
        var candidates = dispatcher.candidates(for: message)
        if let prepare {
            var context = context
            await prepare(message, &context)
            return try await Self.answer(message, context, &candidates)
        }
        return try await Self.answer(message, context, &candidates)
    }

    nonisolated(nonsending) private static func answer(
        _ message: Message, _ context: Context, _ candidates: inout Candidates
    ) async throws -> Reply {
        var text = SharedText(message)
        while let route = candidates.next() {
            if let test = route.textTest {
                var captures: Captures?
                guard try text.passes(test, &captures) else { continue }
                if let captures {
                    var context = context
                    context.captures = captures
                    if let reply = try await route.run(message, context) { return reply }
                    continue
                }
            }
            if let reply = try await route.run(message, context) { return reply }
        }
        return .none
    }
}
