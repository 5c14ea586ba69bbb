/// The AppSecret that the platform issued, with which access tokens are fetched: 32 letters or digits as issued today,
/// 16 to 64 accepted.
public struct AppSecret: Hashable, Sendable {
    /// The text, for use in the exchange; keep it out of logs.
    public let rawValue: String

    /// Reads one from a setting.
    /// - Parameter text: The text as it stands on the platform's settings page.
    /// - Throws: ``CredentialError`` with what is expected and what was found, without the text.
    public init(parsing text: String) throws(CredentialError) {
        try CredentialError.check(text, name: "AppSecret", length: 16...64, allowed: .lettersAndDigits)
        rawValue = text
    }
}

extension AppSecret: CustomStringConvertible, CustomReflectable {
    /// The type's name; the value is a secret.
    public var description: String { "AppSecret(hidden)" }
    /// A mirror without children; the value is a secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
