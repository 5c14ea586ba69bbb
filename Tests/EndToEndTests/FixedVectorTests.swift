import TestSupport
import Testing

/// Requests whose every byte was computed once, by openssl and python3 on the command line, so that a mistake which the
/// tests' own signing shares with the program would show. The clock has gone on since: WECHAT_FCGI_MAX_AGE is 0.
///
/// The signature, and the one over four strings with the text of Encrypt as the fourth:
///
///     printf '%s\n' VectorToken 1409735669 1320562132 | LC_ALL=C sort | tr -d '\n' | openssl dgst -sha1 -r
///
/// The key in hexadecimal, and the cipher text; python3 wrote to `padded` the 16 bytes 0123456789abcdef, the message's
/// length as `struct.pack('>I', length)`, the message, the AppID and 20 bytes of 20:
///
///     hex=$(printf '%s=' EncodingAESKey | openssl base64 -d -A | od -An -tx1 | tr -d ' \n')
///     openssl enc -aes-256-cbc -nopad -K $hex -iv ${hex:0:32} -base64 -A <padded
@Suite("Fixed vectors")
struct FixedVectorTests {
    static let message = """
        <xml><ToUserName><![CDATA[gh_account]]></ToUserName><FromUserName><![CDATA[oSender]]></FromUserName><CreateTime>1409735669</CreateTime>\
        <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[向量 vector, vector]]></Content><MsgId>6054768590064713728</MsgId></xml>
        """
    static let query =
        "signature=f7afdf8393110f8e2062cb7e12bbc0b38515e103&timestamp=1409735669&nonce=1320562132&openid=oSender"
    static let messageSignature = "2bae2f23de43b9a2ba336a6dc94ae01ef5aa8097"
    static let encrypted = """
        Q3stYC6hdFzMh9T8HCvyDBiTs/jWSg4hKsnGDqSiS0J3HOKyomOEYM2KdvaspiuQLhmrVhrH/Up5jMmVuiSF5uUHTcHESTnyVjw6\
        thHQyu9UJyoRNQg0lp6yuOFVW1+C78ep5LZcKiTlmMvCg0+J7KQu4t4eXvIXSyvH9aoo0yLVg80Bbb1l3RnaZ/pa+mN76itvNnMn\
        2Dlve2tZJQTMXKFrc9fdHx13GWKwstUqkJnv2HKLsPrUvCO+HVXAYRZT6tmLbonkBcv1DBdnpASJgRHVHhW4WOPLTkGKS4UD5ig+\
        4Yrhsw0ANjOnqKADP7PaGmefJy10PHle7Xb00atSF+OUfiWhz9GX1dl31h70pbNCzAadU7WUzahZ2hqrSsUzfAPpVkLDHEFcO1ux\
        x96G5+qzYH9xSCVftaQ5Yn3In7U=
        """

    @Test("a verification signed by openssl is answered")
    func verification() throws {
        let response = try answer(HTTPRequest("GET", "/wechat?\(Self.query)&echostr=4375120948345356249"))
        #expect(response.status == 200)
        #expect(response.text == "4375120948345356249")
    }

    @Test("a message signed by openssl is answered")
    func plain() throws {
        let response = try answer(HTTPRequest("POST", "/wechat?\(Self.query)", body: .bytes(Array(Self.message.utf8))))
        #expect(try Account(path: "/wechat", token: "VectorToken").read(response) == .text("向量 vector, vector"))
    }

    @Test("a message encrypted by openssl, with padding over 16, is answered")
    func secure() throws {
        let account = Account(path: "/wechat", token: "VectorToken", key: Account.firstKey, mode: .secure)
        let body = "<xml><ToUserName>gh_account</ToUserName><Encrypt>\(Self.encrypted)</Encrypt></xml>"
        let request = HTTPRequest(
            "POST", "/wechat?\(Self.query)&encrypt_type=aes&msg_signature=\(Self.messageSignature)",
            body: .bytes(Array(body.utf8)))
        let response = try answer(
            request, variables: ["WECHAT_APP_ID": account.appID, "WECHAT_AES_KEY": Account.firstKey])
        #expect(try account.read(response) == .text("向量 vector, vector"))
    }

    @Test(
        "with one letter of the token changed it is refused",
        arguments: [
            "vectorToken", "VectorTokem", "VectorToken1",
        ])
    func otherToken(token: String) throws {
        let request = HTTPRequest("GET", "/wechat?\(Self.query)&echostr=1")
        #expect(try answer(request, variables: ["WECHAT_TOKEN": token]).status == 403)
    }

    @Test("the tests' own SHA-1 is openssl's", arguments: [0, 1, 55, 56, 63, 64, 65, 200])
    func sha1OfTests(length: Int) throws {
        let text = String(repeating: "a", count: length)
        let outcome = try run(["openssl", "dgst", "-sha1", "-r"], input: Array(text.utf8))
        #expect(outcome.text.hasPrefix(sha1(text)))
    }

    private func answer(_ request: HTTPRequest, variables: [String: String] = [:]) throws -> HTTPResponse {
        let environment = request.cgiVariables
            .merging(["WECHAT_TOKEN": "VectorToken", "WECHAT_FCGI_MAX_AGE": "0"]) { $1 }
            .merging(variables) { $1 }
        let outcome = try run(
            [Program.path], environment: programEnvironment(environment), input: request.bodyBytes)
        #expect(outcome.status == 0)
        return try HTTPResponse(cgiOutput: outcome.output)
    }
}
