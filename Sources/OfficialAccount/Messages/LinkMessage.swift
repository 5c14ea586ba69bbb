/// A link that a user sent.
public struct LinkMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The linked page's title: `Title`.
    public let title: String?
    /// What the page is about: `Description`.
    public let description: String?
    /// The page's address: `Url`.
    public let url: String

    /// Reads a link message.
    /// - Parameter message: A message of type `link`.
    /// - Returns: `nil` without `Url`.
    public init?(_ message: Message) {
        guard message.type == .link, let url = message.fields.name("Url") else { return nil }
        self.message = message
        self.url = url
        title = message.fields.text("Title")
        description = message.fields.text("Description")
    }
}
