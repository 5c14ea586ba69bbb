extension Callback {
    /// Accepts a message: checks that it comes from the platform, decrypts and reads it.
    ///
    /// `signature` must hold in any case, before the body is looked at. It does not cover the body: what makes a body
    /// encrypted is its `Encrypt`, whatever the parameters say, and where the account has a key in use `msg_signature`
    /// must hold over it. A body that also has the plain fields is read from them only where no key is in use.
    /// - Parameters:
    ///   - body: The request's body.
    ///   - query: The request's parameters.
    ///   - now: The time, in seconds since 1970.
    ///   - maxAge: How far the request's time may be from it, either way, in seconds; 0 for any.
    /// - Returns: The message, with what its reply has to be sealed with.
    /// - Throws: ``CallbackError``.
    public func open(
        _ body: [UInt8], query: CallbackQuery, now: Int64, maxAge: Int64
    ) throws(CallbackError) -> Delivery {
        try verify(query, now: now, maxAge: maxAge)
        let fields: Fields
        do { fields = try Fields(parsing: body, limits: limits) } catch { throw .body(error) }

        guard let encrypted = fields.nameSpan("Encrypt").map({ fields.document.bytes(of: $0) }) else {
            if credentials.encryption == .secure { throw .notEncrypted }
            if query.encryptType.map({ $0.elementsEqual("aes".utf8) }) == true { throw .encryptMissing }
            return Delivery(message: try message(fields), seal: nil)
        }
        guard !ciphers.isEmpty else {
            guard fields.first("MsgType") != nil else { throw .keyMissing }
            return Delivery(message: try message(fields), seal: nil)
        }
        return try decrypt(encrypted, query: query)
    }

    /// Accepts an encrypted message by its own signature.
    private func decrypt(_ encrypted: ArraySlice<UInt8>, query: CallbackQuery) throws(CallbackError) -> Delivery {
        guard let signature = query.messageSignature, !signature.isEmpty,
            let timestamp = query.timestamp, let nonce = query.nonce
        else { throw .messageSignatureMissing }
        guard let token = token(under: signature, of: { [$0, timestamp, nonce, encrypted] }) else {
            throw .messageSignatureWrong
        }
        var failure = CipherError.wrongLength
        for (index, cipher) in ciphers.enumerated() {
            let opened: MessageCipher.Opened
            do { opened = try cipher.decrypt(encrypted) } catch {
                // What the current key says tells the owner more than what the previous one does.
                if index == 0 { failure = error }
                continue
            }
            let fields: Fields
            do { fields = try Fields(parsing: opened.message, limits: limits) } catch { throw .body(error) }
            let seal = Delivery.Seal(token: token, cipher: cipher, appID: opened.appID)
            return Delivery(message: try message(fields), seal: seal)
        }
        throw .undecryptable(failure)
    }

    private func message(_ fields: Fields) throws(CallbackError) -> Message {
        do { return try Message(fields) } catch { throw .body(error) }
    }
}
