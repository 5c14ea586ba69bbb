/// What is wrong with a Token, AppID, AppSecret or EncodingAESKey, or with how they go together; never holds one.
public struct CredentialError: Error, Hashable {
    /// What is wrong.
    public enum Reason: Sendable, Hashable {
        /// The text is too short or too long; lengths in characters.
        case length(found: Int, expected: ClosedRange<Int>)
        /// The text has other characters than these.
        case characters(expected: String)
        /// The encryption mode needs it and it is not there: an EncodingAESKey for `secure`, an AppID for any key.
        case missing
    }

    /// Which credential: `Token`, `AppID`, `AppSecret` or `EncodingAESKey`.
    public let name: String
    /// What is wrong with it.
    public let reason: Reason

    /// Creates an error.
    /// - Parameters:
    ///   - name: Which credential.
    ///   - reason: What is wrong with it.
    public init(name: String, reason: Reason) {
        self.name = name
        self.reason = reason
    }
}

extension CredentialError: CustomStringConvertible {
    /// One line that says what is expected and what was found, without the text itself.
    public var description: String {
        switch reason {
        case .length(let found, let expected):
            let range =
                expected.lowerBound == expected.upperBound
                ? "\(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)"
            return "the \(name) must have \(range) characters and has \(found)"
        case .characters(let expected): return "the \(name) may hold only \(expected)"
        case .missing: return "encrypted messages need an \(name)"
        }
    }
}

extension CredentialError {
    /// Which characters a credential may hold.
    enum Characters: String {
        case lettersAndDigits = "the letters A to Z, a to z and digits"
        case lettersDigitsDashes = "the letters A to Z, a to z, digits, - and _"
        case base64 = "the letters A to Z, a to z, digits, + and /"

        func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"): self == .lettersDigitsDashes
            case UInt8(ascii: "+"), UInt8(ascii: "/"): self == .base64
            default: false
            }
        }
    }

    static func check(
        _ text: String, name: String, length: ClosedRange<Int>, allowed: Characters
    ) throws(CredentialError) {
        guard length.contains(text.utf8.count) else {
            throw CredentialError(name: name, reason: .length(found: text.count, expected: length))
        }
        guard text.utf8.allSatisfy(allowed.contains) else {
            throw CredentialError(name: name, reason: .characters(expected: allowed.rawValue))
        }
    }
}
