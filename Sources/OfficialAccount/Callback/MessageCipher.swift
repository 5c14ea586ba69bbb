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
    private static let paddingBlock = 32
    private static let aesBlock = 16

    /// Creates the cipher of an account.
    /// - Parameters:
    ///   - key: The account's key.
    ///   - appID: The AppID that messages must carry, or `nil` to accept any.
    public init(key: EncodingAESKey, appID: AppID?) {
        self.key = key.key
        start = key.start
        self.appID = appID.map { Array($0.rawValue.utf8) }
    }

    /// Encrypts a message.
    /// - Parameters:
    ///   - message: The message.
    ///   - appID: The AppID that it carries.
    ///   - generator: Where the 16 random bytes before the message come from.
    /// - Returns: The base64 that stands in `Encrypt`.
    public func encrypt(
        _ message: [UInt8], appID: [UInt8], using generator: inout some RandomNumberGenerator
    ) -> [UInt8] {
        let count = Self.headCount + message.count + appID.count
        let padding = Self.paddingBlock - count % Self.paddingBlock
        var plain: [UInt8] = []
        plain.reserveCapacity(count + padding)
        let random = (generator.next(), generator.next())
        withUnsafeBytes(of: random) { plain.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: message.count).bigEndian) { plain.append(contentsOf: $0) }
        plain.append(contentsOf: message)
        plain.append(contentsOf: appID)
        plain.append(contentsOf: repeatElement(UInt8(padding), count: padding))
        // It throws for a key or a length that AES does not have, and both are right by construction.
        guard let encrypted = try? AES._CBC.encrypt(plain, using: key, iv: start, noPadding: true) else {
            preconditionFailure("AES refused a key of 32 bytes or a text of whole blocks")
        }
        return encrypted.withUnsafeBytes { Base64.encode($0) }
    }

    /// Decrypts what stands in `Encrypt`.
    /// - Parameter text: The base64, with or without white space in it.
    /// - Returns: The message and the AppID it carries.
    /// - Throws: ``CipherError``. Say no more than that it failed to the one who sent it.
    public func decrypt(_ text: ArraySlice<UInt8>) throws(CipherError) -> Opened {
        guard let encrypted = Base64.decode(text) else { throw .notBase64 }
        guard encrypted.count >= Self.paddingBlock, encrypted.count % Self.aesBlock == 0,
            let plain = try? AES._CBC.decrypt(encrypted, using: key, iv: start, noPadding: true)
        else { throw .wrongLength }
        return try open(Array(plain))
    }

    /// Takes a decrypted text apart.
    private func open(_ plain: [UInt8]) throws(CipherError) -> Opened {
        let padding = Int(plain.last ?? 0)
        guard (1...Self.paddingBlock).contains(padding), plain.suffix(padding).allSatisfy({ Int($0) == padding })
        else { throw .wrongPadding }
        let content = plain.dropLast(padding)
        guard content.count >= Self.headCount else { throw .wrongMessageLength }
        let length = content[Self.randomCount..<Self.headCount].reduce(0) { $0 << 8 | Int($1) }
        let rest = content[Self.headCount...]
        guard length <= rest.count else { throw .wrongMessageLength }
        let carried = rest.dropFirst(length)
        if let appID, !carried.elementsEqual(appID) { throw .wrongAppID }
        return Opened(message: Array(rest.prefix(length)), appID: Array(carried))
    }
}

extension MessageCipher: CustomStringConvertible, CustomReflectable {
    /// The type's name; the key is a secret.
    public var description: String { "MessageCipher" }
    /// A mirror without children; the key is a secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension MessageCipher.Opened: CustomStringConvertible, CustomReflectable {
    /// The message's length; its content stays out of descriptions.
    public var description: String { "Opened(\(message.count) bytes)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
