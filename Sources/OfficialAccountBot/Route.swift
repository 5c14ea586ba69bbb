public import OfficialAccount

/// A handler with the messages it is for, its message type forgotten: what a bot holds.
public struct Route: Sendable {
    /// Which messages it can be for; what else it asks of them is asked in `run`.
    let selector: Selector
    /// The folded words one of which the message's subject has to equal, or `nil` where any subject may do.
    let words: Set<String>?
    /// What is asked of a text before `run`, or `nil` where any text may do.
    let textTest: TextTest?
    /// Answers, or returns `nil` where the message is not for this handler after all.
    let run: nonisolated(nonsending) @Sendable (Message, Context) async throws -> Reply?

    /// Creates a handler that may leave a message to the next one after all.
    /// - Parameters:
    ///   - matcher: Which messages it is for.
    ///   - handler: Answers a message, or returns `nil` where the next handler is to be tried.
    package init<M: TypedMessage>(
        _ matcher: Matcher<M>,
        trying handler: nonisolated(nonsending) @escaping @Sendable (M, Context) async throws -> Reply?
    ) {
        selector = matcher.selector
        words = matcher.words
        textTest = matcher.textTest
        let tests = matcher.tests
        guard !tests.isEmpty else {
            run = { message, context in
                guard let typed = M(message) else { return nil }
                return try await handler(typed, context)
            }
            return
        }
        run = { message, context in
            guard let typed = M(message) else { return nil }
            var context = context
            for test in tests where try !test(typed, &context) { return nil }
            return try await handler(typed, context)
        }
    }
}

/// A handler for the messages that a matcher describes.
public struct On: Sendable {
    let route: Route

    /// Creates a handler.
    /// - Parameters:
    ///   - matcher: Which messages it is for, such as `.text` or `.click(key: "about")`.
    ///   - handler: Answers a message. What it throws is logged, and the user is not answered.
    public init<M: TypedMessage>(
        _ matcher: Matcher<M>, handler: nonisolated(nonsending) @escaping @Sendable (M, Context) async throws -> Reply
    ) {
        route = Route(matcher, trying: handler)
    }
}

/// A handler for every message and event that no handler before it took.
public struct Otherwise: Sendable {
    let route: Route

    /// Creates the handler.
    /// - Parameter handler: Answers a message. What it throws is logged, and the user is not answered.
    public init(handler: nonisolated(nonsending) @escaping @Sendable (AnyMessage, Context) async throws -> Reply) {
        route = Route(.any, trying: handler)
    }
}
