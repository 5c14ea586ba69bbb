/// The key that a provider of a chat issued, sent along with each question.
public struct ChatKey: Hashable, Sendable {
    /// The text, for use in the exchange; keep it out of logs.
    public let rawValue: String

    /// Reads one from a setting.
    /// - Parameter text: The text as the provider issued it: 1 to 1,024 visible ASCII characters.
    /// - Throws: ``ChatSettingsError``, without the text.
    public init(parsing text: String) throws(ChatSettingsError) {
        guard (1...1024).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ChatSettingsError(
                "key",
                "must have 1 to 1024 letters, digits and signs of ASCII, without spaces and line breaks; copy it again "
                    + "from the provider's page")
        }
        rawValue = text
    }
}

extension ChatKey: CustomStringConvertible, CustomReflectable {
    /// The type's name; the value is a secret.
    public var description: String { "ChatKey(hidden)" }
    /// A mirror without children; the value is a secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
