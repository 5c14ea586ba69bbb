public import OfficialAccount

/// What an account's owner typed on the platform's settings page, before anybody has looked whether it can be right.
public struct AccountTexts: Sendable {
    /// The Token.
    public var token: String?
    /// The AppID.
    public var appID: String?
    /// The AppSecret.
    public var appSecret: String?
    /// The EncodingAESKey.
    public var encodingAESKey: String?
    /// The mode; by itself secure where there is a key.
    public var encryption: EncryptionMode?

    /// Takes the texts as they are.
    /// - Parameters:
    ///   - token: The Token.
    ///   - appID: The AppID.
    ///   - appSecret: The AppSecret.
    ///   - encodingAESKey: The EncodingAESKey.
    ///   - encryption: The mode; by itself secure where there is a key.
    public init(
        token: String? = nil, appID: String? = nil, appSecret: String? = nil, encodingAESKey: String? = nil,
        encryption: EncryptionMode? = nil
    ) {
        self.token = token
        self.appID = appID
        self.appSecret = appSecret
        self.encodingAESKey = encodingAESKey
        self.encryption = encryption
    }

    /// Reads the texts.
    /// - Throws: `CredentialError` for the first that is not accepted.
    public func credentials() throws(CredentialError) -> Credentials {
        guard let token else { throw CredentialError(name: "Token", reason: .missing) }
        return try Credentials(
            token: try Token(parsing: token), appID: try appID.map(AppID.init(parsing:)),
            appSecret: try appSecret.map(AppSecret.init(parsing:)),
            encodingAESKey: try encodingAESKey.map(EncodingAESKey.init(parsing:)), encryption: encryption)
    }
}

extension AccountTexts: CustomStringConvertible, CustomReflectable {
    /// The type's name; the rest are secrets.
    public var description: String { "AccountTexts(hidden)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Optional {
    /// `map` that throws what its closure throws and nothing else.
    fileprivate func map<Value, Failure: Error>(
        _ transform: (Wrapped) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        switch self {
        case .some(let value): .some(try transform(value))
        case .none: nil
        }
    }
}

/// Reads what an account's owner typed, and says of all of it what is wrong.
struct AccountProbe {
    /// What can be used; `nil` where the Token cannot.
    private(set) var credentials: Credentials?
    private(set) var findings: [Finding] = []

    /// Takes credentials that have been read before.
    init(_ credentials: Credentials) { self.credentials = credentials }

    init(_ texts: AccountTexts) {
        let token = read(texts.token, Token.init(parsing:))
        let appID = read(texts.appID, AppID.init(parsing:))
        let appSecret = read(texts.appSecret, AppSecret.init(parsing:))
        let key = read(texts.encodingAESKey, EncodingAESKey.init(parsing:))
        if texts.token == nil { note(CredentialError(name: "Token", reason: .missing)) }
        guard let token else { return }
        do {
            credentials = try Credentials(
                token: token, appID: appID, appSecret: appSecret, encodingAESKey: key, encryption: texts.encryption)
        } catch {
            // One that is there and wrong has been noted already.
            let isThere = error.name == "AppID" ? texts.appID != nil : texts.encodingAESKey != nil
            if !isThere { note(error) }
            credentials = Credentials(token: token)
        }
    }

    private mutating func read<Value>(_ text: String?, _ parse: (String) throws(CredentialError) -> Value) -> Value? {
        guard let text else { return nil }
        do { return try parse(text) } catch {
            note(error)
            return nil
        }
    }

    private mutating func note(_ error: CredentialError) {
        let copy = "copy it again from the platform's settings page, without spaces"
        let finding =
            switch (error.name, error.reason) {
            case ("Token", .missing):
                Finding(.credentialMissing, "no Token is given", "give the Token of the platform's settings page")
            case (_, .missing):
                Finding(
                    .credentialMissing, "\(error)",
                    "give it, or choose the plain mode (明文模式) here and on the platform's settings page")
            case ("EncodingAESKey", .length): Finding(.aesKeyLength, "\(error)", copy)
            case ("EncodingAESKey", _): Finding(.aesKeyForm, "\(error)", copy)
            case ("AppID", _): Finding(.appIDForm, "\(error)", copy)
            case ("AppSecret", _): Finding(.appSecretForm, "\(error)", copy)
            default: Finding(.tokenForm, "\(error)", "choose one of 3 to 32 letters and digits, here and there")
            }
        findings.append(finding)
    }
}
