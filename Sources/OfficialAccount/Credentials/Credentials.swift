/// What an account and the platform know of each other: what signs, encrypts and identifies.
public struct Credentials: Sendable {
    /// The Token that signs requests.
    public let token: Token
    /// The Token before the last change, accepted too, so that a change loses no message.
    public let previousToken: Token?
    /// The account's AppID, which encrypted messages must carry: there is one wherever a key is in use.
    public let appID: AppID?
    /// The AppSecret, for calls to the platform; the exchange itself does not use it.
    public let appSecret: AppSecret?
    /// The key of encrypted messages.
    public let encodingAESKey: EncodingAESKey?
    /// The key before the last change, accepted too, so that a change loses no message.
    public let previousEncodingAESKey: EncodingAESKey?
    /// Which messages are taken.
    public let encryption: EncryptionMode

    /// Creates the credentials of an account.
    /// - Parameters:
    ///   - token: The Token that signs requests.
    ///   - previousToken: The Token before the last change.
    ///   - appID: The account's AppID.
    ///   - appSecret: The AppSecret, for calls to the platform.
    ///   - encodingAESKey: The key of encrypted messages.
    ///   - previousEncodingAESKey: The key before the last change.
    ///   - encryption: Which messages are taken; by default `secure` where there is a key, else `plain`.
    /// - Throws: ``CredentialError`` where `secure` is asked for without a key, or a key is in use without an AppID.
    public init(
        token: Token, previousToken: Token? = nil, appID: AppID? = nil, appSecret: AppSecret? = nil,
        encodingAESKey: EncodingAESKey? = nil, previousEncodingAESKey: EncodingAESKey? = nil,
        encryption: EncryptionMode? = nil
    ) throws(CredentialError) {
        let hasKey = encodingAESKey != nil || previousEncodingAESKey != nil
        if encryption == .secure, !hasKey { throw CredentialError(name: "EncodingAESKey", reason: .missing) }
        self.token = token
        self.previousToken = previousToken
        self.appID = appID
        self.appSecret = appSecret
        self.encodingAESKey = encodingAESKey
        self.previousEncodingAESKey = previousEncodingAESKey
        self.encryption = encryption ?? (hasKey ? .secure : .plain)
        if hasKey, self.encryption != .plain, appID == nil { throw CredentialError(name: "AppID", reason: .missing) }
    }

    /// Creates the credentials of an account whose messages come unencrypted.
    /// - Parameter token: The Token that signs requests.
    public init(token: Token) {
        self.token = token
        previousToken = nil
        appID = nil
        appSecret = nil
        encodingAESKey = nil
        previousEncodingAESKey = nil
        encryption = .plain
    }
}

extension Credentials: CustomStringConvertible, CustomReflectable {
    /// The AppID, where there is one, and the encryption mode; nothing secret.
    public var description: String { "Credentials(\(appID?.rawValue ?? "no AppID"), \(encryption.rawValue))" }
    /// A mirror of what is not secret.
    public var customMirror: Mirror {
        Mirror(self, children: ["appID": appID?.rawValue as Any, "encryption": encryption.rawValue])
    }
}
