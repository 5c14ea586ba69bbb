/// The path at which the status is shown, such as `/wechat-status`.
public struct StatusPath: Sendable, Equatable {
    /// The path as it reads when decoded.
    public let text: String

    /// Reads a path.
    /// - Parameter text: The path, beginning with a slash and with something behind it.
    /// - Returns: `nil` where it is none, or could be read as an account's with a Token in it.
    public init?(parsing text: String) {
        guard text.utf8.count > 1, text.utf8.count <= 256, let pattern = try? PathPattern(parsing: text),
            !pattern.holdsToken, !text.hasSuffix("/")
        else { return nil }
        self.text = text
    }
}
