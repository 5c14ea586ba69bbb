internal import OfficialAccount

/// What the platform signs and encrypts with.
struct PlatformSeal: Sendable {
    let token: [UInt8]
    let mode: EncryptionMode
    let appID: [UInt8]
    /// Of the account's key; an account in plain mode has none in use.
    let cipher: MessageCipher?

    init(_ credentials: Credentials) {
        token = Array(credentials.token.rawValue.utf8)
        appID = Array((credentials.appID?.rawValue ?? "").utf8)
        let key =
            credentials.encryption == .plain ? nil : credentials.encodingAESKey ?? credentials.previousEncodingAESKey
        cipher = key.map { MessageCipher(key: $0, appID: nil) }
        mode = cipher == nil ? .plain : credentials.encryption
    }

    func signature(_ parts: String...) -> String {
        let parts = [token[...]] + parts.map { Array($0.utf8)[...] }
        return String(decoding: Signature.signature(of: parts), as: UTF8.self)
    }

    /// The query that every request carries.
    func query(timestamp: String, nonce: String) -> [NamedValue] {
        [
            NamedValue("signature", signature(timestamp, nonce)), NamedValue("timestamp", timestamp),
            NamedValue("nonce", nonce),
        ]
    }

    /// The request that carries a message.
    func request(for message: PreparedMessage, timestamp: String, nonce: String) -> CallbackRequest {
        var query = query(timestamp: timestamp, nonce: nonce)
        query.append(NamedValue("openid", message.openID))
        var body = message.xml
        if let cipher {
            var generator = SystemRandomNumberGenerator()
            let encrypted = String(
                decoding: cipher.encrypt(message.xml, appID: appID, using: &generator), as: UTF8.self)
            query.append(NamedValue("encrypt_type", "aes"))
            query.append(NamedValue("msg_signature", signature(timestamp, nonce, encrypted)))
            body = envelope(of: message, encrypted: encrypted)
        }
        return CallbackRequest(
            method: "POST", query: query, headers: Self.headers + [NamedValue("Content-Type", "text/xml")], body: body)
    }

    /// The encrypted body: by itself, or in compatible mode beside what it encrypts.
    private func envelope(of message: PreparedMessage, encrypted: String) -> [UInt8] {
        var element = ""
        MessageElement.text("Encrypt", encrypted).write(to: &element)
        guard mode == .compatible else {
            var receiver = ""
            MessageElement.text("ToUserName", message.receiver).write(to: &receiver)
            return Array("<xml>\n    \(receiver)\n    \(element)\n</xml>\n".utf8)
        }
        let end = Array("</xml>".utf8)
        var body = message.xml
        let place = body.indices.last { body[$0...].starts(with: end) } ?? body.endIndex
        body.insert(contentsOf: element.utf8, at: place)
        return body
    }

    /// A signature that looks like one and is none.
    static func wrongSignature() -> String {
        String((0..<40).map { _ in "0123456789abcdef".randomElement() ?? "0" })
    }

    /// What the platform's client sends of itself *(observed)*.
    static let headers = [NamedValue("User-Agent", "Mozilla/4.0"), NamedValue("Accept", "*/*")]
}
