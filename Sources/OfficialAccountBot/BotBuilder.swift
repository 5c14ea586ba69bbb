/// Collects the handlers between the braces of ``Bot/init(_:)``; `if`, `switch` and `for` work there.
@resultBuilder
public enum BotBuilder {
    /// Takes a handler.
    public static func buildExpression(_ on: On) -> [Route] { [on.route] }

    /// Takes the handler for everything else.
    public static func buildExpression(_ otherwise: Otherwise) -> [Route] { [otherwise.route] }

    /// Takes handlers that were put together elsewhere.
    public static func buildExpression(_ routes: [Route]) -> [Route] { routes }

    /// Puts handlers one behind the other.
    public static func buildBlock(_ parts: [Route]...) -> [Route] { parts.flatMap { $0 } }

    /// Takes the handlers of an `if` without `else`.
    public static func buildOptional(_ part: [Route]?) -> [Route] { part ?? [] }

    /// Takes the handlers of the first branch.
    public static func buildEither(first: [Route]) -> [Route] { first }

    /// Takes the handlers of the second branch.
    public static func buildEither(second: [Route]) -> [Route] { second }

    /// Takes the handlers of a loop.
    public static func buildArray(_ parts: [[Route]]) -> [Route] { parts.flatMap { $0 } }
}
