@testable import OfficialAccount
import Testing

@Suite("Credentials")
struct CredentialsTests {
    @Test(
        "take a Token of 3 to 32 letters or digits",
        arguments: ["abc", "hello", "0", "", "ab", "a-b-c", "tok en", "密钥密钥"])
    func token(_ text: String) {
        let isRight = ["abc", "hello"].contains(text)
        #expect(((try? Token(parsing: text)) != nil) == isRight)
    }

    @Test("take a Token of 32 characters and not of 33")
    func tokenLength() throws {
        let longest = String(repeating: "a", count: 32)
        #expect(try Token(parsing: longest).rawValue == longest)
        #expect(throws: CredentialError(name: "Token", reason: .length(found: 33, expected: 3...32))) {
            try Token(parsing: longest + "a")
        }
    }

    @Test("take an EncodingAESKey of 43 characters whatever the bits beyond the key are")
    func key() throws {
        let stem = String(repeating: "A", count: 42)
        #expect(try EncodingAESKey(parsing: stem + "A") == EncodingAESKey(parsing: stem + "D"))
        #expect(try EncodingAESKey(parsing: stem + "A") != EncodingAESKey(parsing: stem + "E"))
        for wrong in [stem, stem + "AA", stem + "=", stem + "A=", stem + "\n", stem + "é"] {
            #expect(throws: CredentialError.self) { try EncodingAESKey(parsing: wrong) }
        }
    }

    @Test("say in an error what is expected and what was found, without the text")
    func errors() {
        let secret = "s3cr3t!"
        for make in [
            { _ = try Token(parsing: secret) }, { _ = try EncodingAESKey(parsing: secret) },
            { _ = try AppSecret(parsing: secret) }, { _ = try AppID(parsing: secret) },
        ] as [() throws -> Void] {
            do {
                try make()
                Issue.record("accepted")
            } catch {
                #expect(!"\(error)".contains(secret))
                #expect("\(error)".contains("must have") || "\(error)".contains("may hold only"))
            }
        }
        #expect(
            "\(CredentialError(name: "EncodingAESKey", reason: .length(found: 44, expected: 43...43)))"
                == "the EncodingAESKey must have 43 characters and has 44")
    }

    @Test("default to secure where there is a key, else to plain")
    func mode() throws {
        let token = try Token(parsing: Vectors.token)
        let key = try EncodingAESKey(parsing: Vectors.key)
        #expect(Credentials(token: token).encryption == .plain)
        let appID = try AppID(parsing: Vectors.appID)
        #expect(try Credentials(token: token, appID: appID, encodingAESKey: key).encryption == .secure)
        let compatible = try Credentials(token: token, appID: appID, encodingAESKey: key, encryption: .compatible)
        #expect(compatible.encryption == .compatible)
        // Whose message it is shows only from its AppID.
        #expect(throws: CredentialError(name: "AppID", reason: .missing)) {
            try Credentials(token: token, encodingAESKey: key)
        }
        #expect(try Credentials(token: token, encodingAESKey: key, encryption: .plain).encryption == .plain)
        #expect(try Credentials(token: token, encryption: .compatible).encryption == .compatible)
        #expect(throws: CredentialError(name: "EncodingAESKey", reason: .missing)) {
            try Credentials(token: token, encryption: .secure)
        }
    }

    @Test("never show a secret, however they are printed")
    func descriptions() throws {
        let secret = "0123456789abcdef0123456789abcdef"
        let credentials = try Credentials(
            token: Token(parsing: Vectors.token), previousToken: Token(parsing: Vectors.oldToken),
            appID: AppID(parsing: Vectors.appID), appSecret: AppSecret(parsing: secret),
            encodingAESKey: EncodingAESKey(parsing: Vectors.key),
            previousEncodingAESKey: EncodingAESKey(parsing: Vectors.oldKey))
        let callback = Callback(credentials: credentials)
        let cipher = MessageCipher(key: try EncodingAESKey(parsing: Vectors.key), appID: nil)
        let xml = "<xml><ToUserName>gh</ToUserName><FromUserName>o</FromUserName><MsgType>text</MsgType></xml>"
        let message = try Message(parsing: Samples.bytes(xml))
        let seal = Delivery.Seal(token: Samples.slice(Vectors.token), cipher: cipher, appID: [])
        let values: [Any] = [
            seal, Optional(seal) as Any, Delivery(message: message, seal: seal),
            credentials, callback, cipher, credentials.token, [credentials.token],
            try #require(credentials.appSecret), try #require(credentials.encodingAESKey), (credentials, 1),
        ]
        for value in values {
            var printed = "\(value)" + String(reflecting: value)
            dump(value, to: &printed)
            for text in [Vectors.token, Vectors.oldToken, secret, Vectors.key, Vectors.oldKey] {
                #expect(!printed.contains(text))
                #expect(!printed.contains("\(Array(text.utf8))"))
            }
        }
        #expect("\(credentials)".contains(Vectors.appID))
    }
}
