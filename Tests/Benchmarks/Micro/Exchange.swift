import OfficialAccount

/// An account, and requests to it as the platform signs them.
struct Exchange {
    static let now: Int64 = 1_700_000_000

    let token: Token
    let key: EncodingAESKey
    let appID: AppID
    let plain: Callback
    let secure: Callback

    init() throws {
        token = try Token(parsing: "hello")
        key = try EncodingAESKey(parsing: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE")
        appID = try AppID(parsing: "wx0123456789abcdef")
        plain = Callback(credentials: Credentials(token: token))
        secure = Callback(credentials: try Credentials(token: token, appID: appID, encodingAESKey: key))
    }

    /// What is signed beside the message.
    var parts: [ArraySlice<UInt8>] {
        [token.rawValue, String(Self.now), "1320562132"].map { ArraySlice($0.utf8) }
    }

    /// A message as it stands in `Encrypt`.
    func encrypted(_ message: [UInt8]) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return MessageCipher(key: key, appID: appID)
            .encrypt(message, appID: Array(appID.rawValue.utf8), using: &generator)
    }

    /// A message accepted from a plain body.
    func delivery(of body: [UInt8]) throws -> Delivery {
        try plain.open(body, query: query(), now: Self.now, maxAge: 600)
    }

    /// The query of a plain message, or that of an encrypted one.
    func query(encrypted: [UInt8]? = nil) -> CallbackQuery {
        CallbackQuery(
            signature: ArraySlice(Signature.signature(of: parts)), timestamp: parts[1], nonce: parts[2],
            messageSignature: encrypted.map { ArraySlice(Signature.signature(of: parts + [ArraySlice($0)])) },
            encryptType: encrypted.map { _ in ArraySlice("aes".utf8) })
    }
}
