import OfficialAccount
import Testing

/// What an account may be configured as.
private func callback(
    _ mode: EncryptionMode? = nil, key: String? = Vectors.key, previousKey: String? = nil, previousToken: String? = nil,
    appID: String? = Vectors.appID
) throws -> Callback {
    Callback(
        credentials: try Credentials(
            token: Token(parsing: Vectors.token), previousToken: previousToken.map { try Token(parsing: $0) },
            appID: appID.map { try AppID(parsing: $0) }, encodingAESKey: key.map { try EncodingAESKey(parsing: $0) },
            previousEncodingAESKey: previousKey.map { try EncodingAESKey(parsing: $0) }, encryption: mode))
}

private func query(token: String = Vectors.token, messageSignature: String? = nil, type: String? = "aes")
    -> CallbackQuery
{
    let parts = [token, Vectors.timestamp, Vectors.nonce].map(Samples.slice)
    return CallbackQuery(
        signature: Signature.signature(of: parts)[...], timestamp: parts[1], nonce: parts[2],
        messageSignature: messageSignature.map(Samples.slice), encryptType: type.map(Samples.slice))
}

private func envelope(_ encrypt: String, plain: String = "") -> [UInt8] {
    Samples.bytes("<xml><ToUserName>gh_1</ToUserName>\(plain)<Encrypt><![CDATA[\(encrypt)]]></Encrypt></xml>")
}

private let plainFields =
    "<FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>plain</Content>"

extension Callback {
    fileprivate func open(_ body: [UInt8], _ query: CallbackQuery) throws(CallbackError) -> Delivery {
        try open(body, query: query, now: 1_460_537_339, maxAge: 600)
    }
}

@Suite("Opening an encrypted message")
struct EncryptedMessageTests {
    private let ours = Vectors.encrypted.filter { $0.appID == Vectors.appID }

    @Test(
        "reads what openssl encrypted and signed, under either key and either Token",
        arguments: [
            EncryptionMode.secure, .compatible,
        ])
    func vectors(_ mode: EncryptionMode) throws {
        let callback = try callback(mode, previousKey: Vectors.oldKey, previousToken: Vectors.oldToken)
        for vector in ours {
            let query = query(token: vector.token, messageSignature: vector.signature)
            for plain in ["", plainFields] {
                let delivery = try callback.open(envelope(vector.encrypt, plain: plain), query)
                #expect(delivery.isEncrypted)
                #expect(delivery.message == (try Message(parsing: Samples.bytes(vector.message))))
            }
        }
    }

    @Test("refuses hostile texts however well signed", arguments: Vectors.hostile.map(\.name))
    func hostile(_ name: String) throws {
        let vector = try #require(Vectors.hostile.first { $0.name == name })
        for previousKey in [nil, Vectors.oldKey] {
            do {
                _ = try callback(previousKey: previousKey).open(
                    envelope(vector.encrypt), query(messageSignature: vector.signature))
                Issue.record("accepted")
            } catch {
                let error = try #require(error as? CallbackError)
                #expect(error.kind == .refused)
                guard case .undecryptable = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test("refuses another account's AppID, and a message under a key that is no longer configured")
    func otherAccount() throws {
        let other = try #require(Vectors.encrypted.first { $0.appID == Vectors.otherAppID })
        #expect(throws: CallbackError.undecryptable(.wrongAppID)) {
            try callback().open(envelope(other.encrypt), query(messageSignature: other.signature))
        }
        let old = try #require(ours.first { $0.name == "previous key" })
        #expect(throws: CallbackError.self) {
            try callback().open(envelope(old.encrypt), query(messageSignature: old.signature))
        }
    }

    @Test(
        "refuses a msg_signature that is missing or wrong, or signature in its place, whatever encrypt_type says",
        arguments: [
            EncryptionMode.secure, .compatible,
        ])
    func messageSignature(_ mode: EncryptionMode) throws {
        let vector = ours[0]
        let callback = try callback(mode)
        let signature = query().signature.map(Samples.string)
        for type in ["aes", "raw", "", nil, "AES"] {
            for plain in ["", plainFields] {
                let body = envelope(vector.encrypt, plain: plain)
                for missing in [nil, ""] {
                    #expect(throws: CallbackError.messageSignatureMissing) {
                        try callback.open(body, query(messageSignature: missing, type: type))
                    }
                }
                for wrong in [signature, ours[1].signature, vector.signature.uppercased(), "0"] {
                    #expect(throws: CallbackError.messageSignatureWrong) {
                        try callback.open(body, query(messageSignature: wrong, type: type))
                    }
                }
                _ = try callback.open(body, query(messageSignature: vector.signature, type: type))
            }
        }
    }

    @Test("refuses a wrong or missing signature before the body is looked at, even with a right msg_signature")
    func signatureFirst() throws {
        let vector = ours[0]
        var missing = query(messageSignature: vector.signature)
        missing.signature = nil
        var wrong = missing
        wrong.signature = Samples.slice(vector.signature)
        for body in [envelope(vector.encrypt), Samples.bytes("not XML")] {
            #expect(throws: CallbackError.signatureMissing) { try callback().open(body, missing) }
            #expect(throws: CallbackError.signatureWrong) { try callback().open(body, wrong) }
        }
    }

    @Test("refuses an encrypted text taken from another request: its timestamp and nonce are signed")
    func replayed() throws {
        let vector = ours[0]
        let parts = [Vectors.token, "1460537340", Vectors.nonce].map(Samples.slice)
        let query = CallbackQuery(
            signature: Signature.signature(of: parts)[...], timestamp: parts[1], nonce: parts[2],
            messageSignature: Samples.slice(vector.signature), encryptType: Samples.slice("aes"))
        #expect(throws: CallbackError.messageSignatureWrong) { try callback().open(envelope(vector.encrypt), query) }
    }

    @Test("is malformed where what was encrypted is no message")
    func inside() throws {
        let cipher = MessageCipher(key: try EncodingAESKey(parsing: Vectors.key), appID: nil)
        var generator = SeededGenerator(seed: 3)
        for text in ["", "hello", "<xml></xml>", "<!DOCTYPE xml><xml/>"] {
            let encrypted = cipher.encrypt(
                Samples.bytes(text), appID: Samples.bytes(Vectors.appID), using: &generator)
            let signature = Signature.signature(
                of: [Vectors.token, Vectors.timestamp, Vectors.nonce].map(Samples.slice) + [encrypted[...]])
            do {
                _ = try callback().open(
                    envelope(Samples.string(encrypted)), query(messageSignature: Samples.string(signature)))
                Issue.record("accepted")
            } catch {
                #expect((error as? CallbackError)?.kind == .malformed)
            }
        }
    }
}

@Suite("Which messages an account takes")
struct EncryptionModeTests {
    private let plainBody = Samples.bytes(Samples.xml(type: "text", "<Content>plain</Content>"))
    private let vector = Vectors.encrypted[0]

    @Test("secure: encrypted ones only")
    func secure() throws {
        for type in ["aes", "raw", nil] {
            #expect(throws: CallbackError.notEncrypted) { try callback(.secure).open(plainBody, query(type: type)) }
            let empty = Samples.bytes("<xml>\(plainFields)<Encrypt> </Encrypt></xml>")
            #expect(throws: CallbackError.notEncrypted) { try callback(.secure).open(empty, query(type: type)) }
        }
        #expect(CallbackError.notEncrypted.kind == .refused)
    }

    @Test("compatible: both, each by its own signature")
    func compatible() throws {
        let delivery = try callback(.compatible).open(plainBody, query(type: nil))
        #expect(!delivery.isEncrypted)
        #expect(TextMessage(delivery.message)?.content == "plain")
        #expect(throws: CallbackError.encryptMissing) { try callback(.compatible).open(plainBody, query(type: "aes")) }
    }

    @Test(
        "plain, with no key or with one that is not used: the plain fields",
        arguments: [
            (EncryptionMode.plain, Vectors.key), (.plain, nil), (.compatible, nil),
        ] as [(EncryptionMode, String?)])
    func plain(mode: EncryptionMode, key: String?) throws {
        let callback = try callback(mode, key: key)
        #expect(TextMessage(try callback.open(plainBody, query(type: nil)).message)?.content == "plain")
        let both = Samples.bytes(
            "<xml><ToUserName>gh_1</ToUserName>\(plainFields)<Encrypt>\(vector.encrypt)</Encrypt></xml>")
        let delivery = try callback.open(both, query(messageSignature: vector.signature))
        #expect(!delivery.isEncrypted)
        #expect(TextMessage(delivery.message)?.content == "plain")
        #expect(throws: CallbackError.keyMissing) {
            try callback.open(envelope(vector.encrypt), query(messageSignature: vector.signature))
        }
        #expect(CallbackError.keyMissing.kind == .refused)
        var unsigned = query(messageSignature: vector.signature)
        unsigned.signature = nil
        #expect(throws: CallbackError.signatureMissing) { try callback.open(both, unsigned) }
    }

    @Test("none of them takes what is no message", arguments: EncryptionMode.allCases)
    func malformed(_ mode: EncryptionMode) throws {
        for body in ["", "hello", "<html/>"] {
            do {
                _ = try callback(mode).open(Samples.bytes(body), query(type: nil))
                Issue.record("accepted")
            } catch {
                #expect((error as? CallbackError)?.kind == .malformed)
            }
        }
    }
}

@Suite("Sealing the reply to an encrypted message")
struct EncryptedReplyTests {
    @Test("uses the key, the Token and the AppID that the message came under", arguments: Vectors.encrypted)
    func underTheSame(_ vector: Vectors.Encrypted) throws {
        let callback = try callback(
            previousKey: Vectors.oldKey, previousToken: Vectors.oldToken, appID: vector.appID)
        let delivery = try callback.open(
            envelope(vector.encrypt), query(token: vector.token, messageSignature: vector.signature))
        var generator = SeededGenerator(seed: 4)
        let sealed = callback.seal(.text("回复]]>"), for: delivery, createTime: 1_460_537_400, using: &generator)
        #expect(sealed.contentType == "text/xml; charset=utf-8")

        let fields = try Fields(parsing: sealed.body)
        #expect(fields.map(\.name) == ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"])
        #expect(fields.text("TimeStamp") == "1460537400")
        let encrypt = try #require(fields["Encrypt"]).utf8
        let parts = [
            Samples.slice(vector.token), Samples.slice("1460537400"), try #require(fields["Nonce"]).utf8, encrypt,
        ]
        #expect(Signature.holds(try #require(fields["MsgSignature"]).utf8, over: parts))

        let opened = try MessageCipher(
            key: EncodingAESKey(parsing: vector.key), appID: AppID(parsing: vector.appID)
        ).decrypt(encrypt)
        let reply = try Fields(parsing: opened.message)
        #expect(reply.text("Content") == "回复]]>")
        #expect(reply.text("ToUserName") == delivery.message.fromUserName)
    }

    @Test("leaves success unencrypted")
    func success() throws {
        let vector = Vectors.encrypted[0]
        let callback = try callback()
        let delivery = try callback.open(envelope(vector.encrypt), query(messageSignature: vector.signature))
        var generator = SeededGenerator(seed: 5)
        for reply in [Reply.none, .text("")] {
            let sealed = callback.seal(reply, for: delivery, createTime: 1, using: &generator)
            #expect(Samples.string(sealed.body) == "success")
            #expect(sealed.contentType == "text/plain")
        }
    }

    @Test("takes fresh random bytes for each")
    func random() throws {
        let vector = Vectors.encrypted[0]
        let callback = try callback()
        let delivery = try callback.open(envelope(vector.encrypt), query(messageSignature: vector.signature))
        var generator = SystemRandomNumberGenerator()
        let bodies = (0..<20).map { _ in
            callback.seal(.text("a"), for: delivery, createTime: 1, using: &generator).body
        }
        #expect(Set(bodies).count == 20)
    }
}
