/// Collects the handlers between the braces of ``Bot/init(_:)``; `if`, `switch` and `for` work there.
@resultBuilder
public enum BotBuilder {
    /// Takes a handler.
    /// - Parameter on: The handler.
    /// - Returns: The handler alone.
    public static func buildExpression(_ on: On) -> [Route] { [on.route] }

    /// Takes the handler for everything else.
    /// - Parameter otherwise: The handler.
    /// - Returns: The handler alone.
    public static func buildExpression(_ otherwise: Otherwise) -> [Route] { [otherwise.route] }

    /// Takes handlers that were put together elsewhere.
    /// - Parameter routes: The handlers.
    /// - Returns: The same handlers.
    public static func buildExpression(_ routes: [Route]) -> [Route] { routes }

    /// Puts handlers one behind the other.
    /// - Parameter parts: The handlers of each statement.
    /// - Returns: All of them, in order.
    public static func buildBlock(_ parts: [Route]...) -> [Route] { parts.flatMap { $0 } }

    /// Takes the handlers of an `if` without `else`.
    /// - Parameter part: The handlers, or `nil` where the condition does not hold.
    /// - Returns: The handlers, or none.
    public static func buildOptional(_ part: [Route]?) -> [Route] { part ?? [] }

    /// Takes the handlers of the first branch.
    /// - Parameter first: The handlers.
    /// - Returns: The same handlers.
    public static func buildEither(first: [Route]) -> [Route] { first }

    /// Takes the handlers of the second branch.
    /// - Parameter second: The handlers.
    /// - Returns: The same handlers.
    public static func buildEither(second: [Route]) -> [Route] { second }

    /// Takes the handlers of a loop.
    /// - Parameter parts: The handlers of each turn.
    /// - Returns: All of them, in order.
    public static func buildArray(_ parts: [[Route]]) -> [Route] { parts.flatMap { $0 } }
}
