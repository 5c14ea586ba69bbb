/// The Token that an account's owner chose: 3 to 32 letters or digits, and a secret, since it signs every request.
///
/// Source: the platform's page on configuring a server.
public struct Token: Hashable, Sendable {
    /// The text, for use in the exchange; keep it out of logs.
    public let rawValue: String

    /// Reads one from a setting.
    /// - Parameter text: The text as it stands on the platform's settings page.
    /// - Throws: ``CredentialError`` with what is expected and what was found, without the text.
    public init(parsing text: String) throws(CredentialError) {
        try CredentialError.check(text, name: "Token", length: 3...32, allowed: .lettersAndDigits)
        rawValue = text
    }
}

extension Token: CustomStringConvertible, CustomReflectable {
    /// The type's name; the value is a secret.
    public var description: String { "Token(hidden)" }
    /// A mirror without children; the value is a secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
