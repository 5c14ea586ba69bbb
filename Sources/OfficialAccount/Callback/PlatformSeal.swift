/// What the platform signs and encrypts with: for a simulated platform, and for whoever hands messages on to a callback
/// server as the platform would.
package struct PlatformSeal: Sendable {
    /// A request that carries a message.
    package struct Request: Sendable {
        /// The parameters of the query, in order, not escaped.
        package var query: [(name: String, value: String)]
        /// The envelope.
        package var body: [UInt8]
    }

    private let token: [UInt8]
    /// How messages are sent: plain where the account has no key in use.
    package let mode: EncryptionMode
    /// The AppID that encrypted messages carry.
    package let appID: [UInt8]
    /// Of the account's key; an account in plain mode has none in use.
    package let cipher: MessageCipher?

    /// Creates the platform's side of an account. The current Token and key are used, not the previous ones.
    /// - Parameter credentials: The account's credentials.
    package init(_ credentials: Credentials) {
        token = Array(credentials.token.rawValue.utf8)
        appID = Array((credentials.appID?.rawValue ?? "").utf8)
        let key =
            credentials.encryption == .plain ? nil : credentials.encodingAESKey ?? credentials.previousEncodingAESKey
        cipher = key.map { MessageCipher(key: $0, appID: nil) }
        mode = cipher == nil ? .plain : credentials.encryption
    }

    /// The signature of some texts and the Token.
    package func signature(_ parts: String...) -> String {
        let parts = [token[...]] + parts.map { Array($0.utf8)[...] }
        return String(decoding: Signature.signature(of: parts), as: UTF8.self)
    }

    /// The query that every request carries.
    package func query(timestamp: String, nonce: String) -> [(name: String, value: String)] {
        [("signature", signature(timestamp, nonce)), ("timestamp", timestamp), ("nonce", nonce)]
    }

    /// The request that carries a message, encrypted as the account's mode says.
    /// - Parameters:
    ///   - xml: The message's envelope, not encrypted.
    ///   - openID: The sender's OpenID, which the query carries too.
    ///   - receiver: The text of `ToUserName`.
    ///   - timestamp: When it is signed, in seconds since 1970.
    ///   - nonce: A random text.
    package func request(
        with xml: [UInt8], from openID: String, to receiver: String, timestamp: String, nonce: String
    ) -> Request {
        var request = Request(query: query(timestamp: timestamp, nonce: nonce), body: xml)
        request.query.append(("openid", openID))
        if let cipher {
            var generator = SystemRandomNumberGenerator()
            let encrypted = cipher.encrypt(xml, appID: appID, using: &generator)
            let text = String(decoding: encrypted, as: UTF8.self)
            request.query += [("encrypt_type", "aes"), ("msg_signature", signature(timestamp, nonce, text))]
            request.body = envelope(of: xml, to: receiver, encrypted: encrypted)
        }
        return request
    }

    /// The encrypted body: by itself, or in compatible mode beside what it encrypts.
    private func envelope(of xml: [UInt8], to receiver: String, encrypted: [UInt8]) -> [UInt8] {
        var writer = XMLWriter(capacity: encrypted.count + 160)
        guard mode == .compatible else {
            writer.markup("<xml>\n    ")
            writer.element("ToUserName", receiver)
            writer.markup("\n    ")
            writer.element("Encrypt", encrypted[...])
            writer.markup("\n</xml>\n")
            return writer.output
        }
        writer.element("Encrypt", encrypted[...])
        let end = Array("</xml>".utf8)
        var body = xml
        let place = body.indices.last { body[$0...].starts(with: end) } ?? body.endIndex
        body.insert(contentsOf: writer.output, at: place)
        return body
    }
}

extension PlatformSeal: CustomStringConvertible, CustomReflectable {
    /// How messages are sent; nothing secret.
    package var description: String { "PlatformSeal(\(mode.rawValue))" }
    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
