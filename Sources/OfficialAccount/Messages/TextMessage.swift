/// A text that a user wrote.
public struct TextMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The text: `Content`.
    public let content: String
    /// The ID of the menu message item that was tapped to send this: `bizmsgmenuid`.
    public let menuID: String?

    /// Reads a text message.
    /// - Parameter message: A message of type `text`.
    /// - Returns: `nil` without `Content`.
    public init?(_ message: Message) {
        guard message.type == .text, let content = message.fields.text("Content") else { return nil }
        self.message = message
        self.content = content
        menuID = message.fields.name("bizmsgmenuid")
    }
}
