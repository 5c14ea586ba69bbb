/// The AppID that the platform issued: `wx` and 16 hexadecimal digits as issued today. Not a secret.
///
/// 3 to 64 letters, digits, `-` or `_` are accepted, since the platform has more than one kind of account.
public struct AppID: Hashable, Sendable {
    /// The AppID as the platform issued it.
    public let rawValue: String

    /// Reads one from a setting.
    /// - Parameter text: The text as it stands on the platform's settings page.
    /// - Throws: ``CredentialError`` with what is expected and what was found, without the text.
    public init(parsing text: String) throws(CredentialError) {
        try CredentialError.check(text, name: "AppID", length: 3...64, allowed: .lettersDigitsDashes)
        rawValue = text
    }
}

extension AppID: CustomStringConvertible {
    /// The AppID as the platform issued it.
    public var description: String { rawValue }
}
