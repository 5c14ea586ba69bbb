import FastCGI
import Logging
import OfficialAccount
import Testing

@testable import OfficialAccountServer

@Suite("Wrong input is answered with a status and one line, and logged with the reason")
struct WrongInputTests {
    static let token = "hello"
    static let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    static let appID = "wx0123456789abcdef"
    static let secretContent = "what-the-user-wrote"

    /// The ways in which an account can be set up.
    enum Mode: String, CaseIterable, Sendable {
        case plain, compatible, secure

        var environment: [String: String] {
            var variables = ["WECHAT_TOKEN": token, "WECHAT_APP_ID": appID]
            if self != .plain { variables["WECHAT_AES_KEY"] = key }
            if self == .compatible { variables["WECHAT_ENCRYPTION"] = rawValue }
            return variables
        }

        var platform: Platform { Platform(token: token, appID: appID, key: key) }

        /// The message as the platform sends it in this mode.
        func message(_ platform: Platform, _ xml: String) throws -> (query: String, body: String) {
            switch self {
            case .plain: (platform.query, xml)
            case .compatible: try platform.encrypted(xml, compatible: true)
            case .secure: try platform.encrypted(xml)
            }
        }
    }

    private func expect(
        _ status: Int, _ request: Request, _ mode: Mode, log: String, maxAge: Int64 = 600,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        for level in [Logger.Level.notice, .trace] {
            let bench = try Bench(environment: mode.environment, maxAge: maxAge, level: level)
            let response = await bench.respond(request)
            #expect(response.status == status, sourceLocation: location)
            #expect(response.contentType.hasPrefix("text/plain"), sourceLocation: location)
            #expect(response.text.hasSuffix("\n") && response.text.count { $0 == "\n" } == 1, sourceLocation: location)
            #expect(bench.lines.text.contains(log), sourceLocation: location)
            for secret in [Self.token, Self.key, Self.secretContent, "oUser", "n0nce"] {
                #expect(!response.text.contains(secret), sourceLocation: location)
                #expect(!bench.lines.text.contains(secret), sourceLocation: location)
            }
        }
    }

    @Test("a good message is answered in each mode", arguments: Mode.allCases)
    func good(mode: Mode) async throws {
        let bench = try Bench(environment: mode.environment)
        let (query, body) = try mode.message(mode.platform, Platform.text("hi"))
        let response = await bench.respond(.test(query: query, body: body))
        #expect(response.status == 200)
        #expect(try mode.platform.read(response).contains("<![CDATA[echo hi]]>"))
        #expect(response.text.contains("<Encrypt>") == (mode != .plain))
        #expect(bench.lines.all.isEmpty)
    }

    @Test("the answer to a verification is the bytes of echostr", arguments: Mode.allCases)
    func verification(mode: Mode) async throws {
        let bench = try Bench(environment: mode.environment)
        let response = await bench.respond(
            .test("GET", query: mode.platform.query + "&echostr=%22%3Cb%3E+%E4%BD%A0%00%FF"))
        #expect(response.status == 200)
        #expect(response.contentType.hasPrefix("text/plain"))
        #expect(response.body == Array("\"<b> 你".utf8) + [0, 0xFF])
    }

    @Test("a signature that is missing, wrong or empty is refused", arguments: Mode.allCases, ["GET", "POST"])
    func signature(mode: Mode, method: String) async throws {
        let platform = mode.platform
        var other = platform
        other.token = "other"
        let body = Platform.text(Self.secretContent)
        let queries = [
            "", "echostr=x", "signature=&timestamp=&nonce=&echostr=x", other.query + "&echostr=x",
            platform.query.replacing("signature=", with: "signature=0") + "&echostr=x",
            "signature=0&" + platform.query + "&echostr=x",
            platform.query.replacing("nonce=n0nce", with: "nonce=other") + "&echostr=x",
            "timestamp=\(platform.timestamp)&nonce=n0nce&echostr=x&encrypt_type=aes",
            "timestamp=\(platform.timestamp)&nonce=n0nce&echostr=x&encrypt_type=aes&msg_signature=",
            other.query + "&echostr=x&encrypt_type=raw", other.query + "&echostr=x&encrypt_type=none",
        ]
        for query in queries {
            try await expect(403, .test(method, query: query, body: body), mode, log: "refused: ")
        }
    }

    @Test("an encrypted body that does not verify or decrypt is refused", arguments: [Mode.compatible, .secure])
    func encrypted(mode: Mode) async throws {
        let good = mode.platform
        var otherToken = good
        otherToken.token = "other"
        var otherKey = good
        otherKey.key = String(Self.key.reversed())
        var otherAppID = good
        otherAppID.appID = "wxfedcba9876543210"
        for platform in [otherToken, otherKey, otherAppID] {
            let (query, body) = try mode.message(platform, Platform.text(Self.secretContent))
            try await expect(403, .test(query: query, body: body), mode, log: "refused: ")
        }
        let (query, body) = try mode.message(good, Platform.text(Self.secretContent))
        let without = String(query[..<(try #require(query.firstRange(of: "&msg_signature")).lowerBound)])
        let changed = body.replacing("<Encrypt>", with: "<Encrypt>AAAA")
        try await expect(403, .test(query: without, body: body), mode, log: "refused: ")
        try await expect(403, .test(query: query, body: changed), mode, log: "refused: ")
    }

    @Test("an unencrypted message is refused where only encrypted ones are taken")
    func unencrypted() async throws {
        let platform = Mode.secure.platform
        for more in ["", "&encrypt_type=raw", "&encrypt_type=aes", "&encrypt_type=aes&msg_signature=x"] {
            let request = Request.test(query: platform.query + more, body: Platform.text(Self.secretContent))
            try await expect(403, request, .secure, log: "refused: ")
        }
    }

    @Test("a request that is too old or comes from the future is refused, and the log says by how much")
    func age() async throws {
        for (offset, seconds) in [(-601, "601 s"), (601, "601 s"), (-86400, "86400 s")] as [(Int64, String)] {
            var platform = Mode.plain.platform
            platform.timestamp += offset
            for method in ["GET", "POST"] {
                let request = Request.test(
                    method, query: platform.query + "&echostr=x", body: Platform.text(Self.secretContent))
                try await expect(403, request, .plain, log: seconds)
            }
        }
    }

    @Test(
        "age is off where it is set to 0, and its limit still counts as young enough",
        arguments: [(0, 86400), (600, 600)])
    func ageOff(maxAge: Int64, offset: Int64) async throws {
        var platform = Mode.plain.platform
        platform.timestamp -= offset
        let bench = try Bench(environment: Mode.plain.environment, maxAge: maxAge)
        #expect(await bench.respond(.test(query: platform.query, body: Platform.text("x"))).status == 200)
    }

    @Test(
        "any other method than GET and POST is answered 405 with Allow",
        arguments: ["HEAD", "PUT", "DELETE", "OPTIONS", "get", "", "TRACE"])
    func method(name: String) async throws {
        let request = Request.test(name, query: Mode.plain.platform.query + "&echostr=x", body: "x")
        try await expect(405, request, .plain, log: "refused: a method other than GET and POST")
        let bench = try Bench(environment: Mode.plain.environment)
        #expect(await bench.respond(request).headers == [Response.Header("Allow", "GET, POST")])
    }

    @Test("a body over the limit is 413 and one cut short 400, but only for who can sign", arguments: Mode.allCases)
    func bodies(mode: Mode) async throws {
        let good = try mode.message(mode.platform, Platform.text("x")).query
        let cases: [(BodyError, Int, String)] = [
            (.tooLarge(limit: 1 << 20), 413, "larger than 1048576 bytes"), (.cutShort, 400, "CONTENT_LENGTH"),
        ]
        for (failure, status, reason) in cases {
            try await expect(status, .test(query: good, failure: failure), mode, log: reason)
            try await expect(403, .test(query: "signature=0&" + good, failure: failure), mode, log: "refused: ")
        }
    }

    @Test("a verification without echostr is 400", arguments: Mode.allCases)
    func noEchostr(mode: Mode) async throws {
        for more in ["", "&echostr=", "&echostr"] {
            try await expect(400, .test("GET", query: mode.platform.query + more), mode, log: "echostr")
        }
    }

    @Test(
        "a body that is no message is 400", arguments: Mode.allCases,
        [
            "", " ", "what-the-user-wrote", "{\"MsgType\":\"text\"}", "<xml>", "<html></html>", "<xml></xml>",
            "<xml><Content>what-the-user-wrote</Content></xml>", "<xml><MsgType></MsgType></xml>",
            "<!DOCTYPE xml [<!ENTITY a \"what-the-user-wrote\">]><xml><MsgType>&a;</MsgType></xml>",
        ])
    func noMessage(mode: Mode, xml: String) async throws {
        // What cannot be read as XML has no encrypted part that a signature could cover.
        let wellFormed = xml.hasPrefix("<xml>") && xml.hasSuffix("</xml>")
        guard mode == .plain || wellFormed else { return }
        let (query, body) = mode == .plain ? (mode.platform.query, xml) : try mode.platform.encrypted(xml)
        try await expect(400, .test(query: query, body: body), mode, log: "refused: ")
    }

    @Test("a request without account is 404")
    func noAccount() async throws {
        let bench = try Bench(environment: ["WECHAT_APP_ID": Self.appID, "WECHAT_TOKEN": ""])
        let response = await bench.respond(.test(query: Platform().query, body: Platform.text("x")))
        #expect(response.status == 404)
        #expect(bench.lines.text.contains("WECHAT_TOKEN"))
    }

    @Test("hostile queries are refused without a crash")
    func hostile() async throws {
        let queries = [
            String(repeating: "&", count: 10_000), String(repeating: "signature=", count: 5_000),
            "signature=%&timestamp=%%%&nonce=%zz", "signature=%00&timestamp=-1&nonce=\0",
            "%73ignature=x&timestamp=1&nonce=1", "signature[]=x&timestamp[]=1&nonce[]=1",
            "timestamp=99999999999999999999&nonce=x&signature=x",
        ]
        for query in queries {
            for method in ["GET", "POST"] {
                try await expect(403, .test(method, query: query, body: Platform.text("x")), .plain, log: "refused: ")
            }
        }
    }
}
