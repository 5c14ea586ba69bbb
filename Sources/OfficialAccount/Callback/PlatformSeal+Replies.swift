extension PlatformSeal {
    /// Why an encrypted reply cannot be opened.
    package enum ReplyError: Error, Sendable, Equatable {
        /// The account has no key in use.
        case unexpected
        /// An element of the envelope is missing or empty.
        case missing(String)
        /// The signature does not hold over it.
        case wrongSignature
        /// It cannot be decrypted.
        case undecryptable(CipherError)
        /// It is of another account.
        case wrongAppID
    }

    /// Opens an encrypted reply, as the platform does: the platform's page on message encryption has the envelope.
    /// - Parameter envelope: The elements of the envelope, `Encrypt` among them.
    /// - Returns: The reply's own envelope.
    package func open(_ envelope: Fields) throws(ReplyError) -> [UInt8] {
        guard let cipher else { throw .unexpected }
        let encrypted = try Self.text("Encrypt", in: envelope)
        let signature = try Self.text("MsgSignature", in: envelope)
        let timestamp = try Self.text("TimeStamp", in: envelope)
        let nonce = try Self.text("Nonce", in: envelope)
        guard signature == self.signature(timestamp, nonce, encrypted) else { throw .wrongSignature }
        let opened: MessageCipher.Opened
        do { opened = try cipher.decrypt(Array(encrypted.utf8)[...]) } catch { throw .undecryptable(error) }
        guard opened.appID == appID else { throw .wrongAppID }
        return opened.message
    }

    private static func text(_ name: String, in fields: Fields) throws(ReplyError) -> String {
        guard let text = fields.text(name), !text.isEmpty else { throw .missing(name) }
        return text
    }
}
