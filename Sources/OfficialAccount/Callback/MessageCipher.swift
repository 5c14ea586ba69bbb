import Crypto
import CryptoExtras
import FoundationEssentials

/// The platform's encryption of messages: AES-256 in CBC mode with the first half of the key as its start value.
///
/// Under it are 16 random bytes, the message's length as 4 bytes, big end first, the message, the AppID, and padding to
/// a multiple of 32 bytes. Source: the platform's page on message encryption.
public struct MessageCipher: Sendable {
    /// What a decrypted text holds.
    public struct Opened: Sendable, Equatable {
        /// The message.
        public let message: [UInt8]
        /// The AppID that the message carries.
        public let appID: [UInt8]
    }

    private let key: SymmetricKey
    private let start: AES._CBC.IV
    private let appID: [UInt8]?

    private static let randomCount = 16
    private static let headCount = randomCount + 4
    /// The platform pads to twice the block size of AES.
    private static let block = 32

    /// Creates the cipher of an account.
    /// - Parameters:
    ///   - key: The account's key.
    ///   - appID: The AppID that messages must carry, or `nil` to accept any.
    public init(key: EncodingAESKey, appID: AppID?) {
        self.init(key: key, appIDBytes: appID.map { Array($0.rawValue.utf8) })
    }

    private init(key: EncodingAESKey, appIDBytes: [UInt8]?) {
        self.key = key.key
        start = AES._CBC.IV()
        appID = appIDBytes
    }

    /// Encrypts a message for an AppID.
    /// - Parameters:
    ///   - message: The message.
    ///   - random: 16 random bytes, fresh for each message.
    /// - Returns: The base64 that stands in `Encrypt`.
    public func encrypt(_ message: [UInt8], random: [UInt8]) -> [UInt8] { [] }

    /// Decrypts what stands in `Encrypt`.
    /// - Parameter text: The base64, with or without white space in it.
    /// - Returns: The message and the AppID it carries.
    /// - Throws: ``CipherError``. Say no more than that it failed to the one who sent it.
    public func decrypt(_ text: ArraySlice<UInt8>) throws(CipherError) -> Opened { throw .notBase64 }
}

extension MessageCipher: CustomStringConvertible, CustomReflectable {
    /// The type's name; the key is a secret.
    public var description: String { "MessageCipher" }
    /// A mirror without children; the key is a secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
