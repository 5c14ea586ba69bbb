import Crypto
import CryptoExtras
import FoundationEssentials

/// The EncodingAESKey that an account's owner chose: 43 characters that stand for a key of 256 bits. A secret.
///
/// It is base64 without the `=` at its end. Its last character holds two bits too many; the platform's settings page
/// makes keys in which they are not zero, so they are ignored. Source: the platform's page on message encryption.
public struct EncodingAESKey: Sendable {
    /// The 32 bytes of the key.
    let key: SymmetricKey
    /// The first half of the key, with which the platform starts its cipher.
    let start: AES._CBC.IV

    /// Reads a key from a setting.
    /// - Parameter text: The 43 characters as they stand on the platform's settings page.
    /// - Throws: ``CredentialError`` with what is expected and what was found, without the text.
    public init(parsing text: String) throws(CredentialError) {
        let name = "EncodingAESKey"
        try CredentialError.check(text, name: name, length: 43...43, allowed: .base64)
        guard let bytes = Base64.decode(Array((text + "=").utf8)[...]),
            let start = try? AES._CBC.IV(ivBytes: bytes.prefix(16))
        else {
            throw CredentialError(name: name, reason: .characters(expected: CredentialError.Characters.base64.rawValue))
        }
        key = SymmetricKey(data: bytes)
        self.start = start
    }
}

extension EncodingAESKey: Equatable {
    /// Whether two keys are the same 32 bytes, compared in constant time.
    /// - Parameters:
    ///   - left: One key.
    ///   - right: The other.
    public static func == (left: EncodingAESKey, right: EncodingAESKey) -> Bool { left.key == right.key }
}

extension EncodingAESKey: CustomStringConvertible, CustomReflectable {
    /// The type's name; the value is a secret.
    public var description: String { "EncodingAESKey(hidden)" }
    /// A mirror without children; the value is a secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
