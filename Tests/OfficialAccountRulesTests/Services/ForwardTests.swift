import Crypto
import Foundation
import HTTPStub
import NIOConcurrencyHelpers
import NIOHTTP1
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules
@testable import OutboundHTTP

/// Runs a test against a service.
func withService(
    _ answer: @escaping @Sendable (HTTPStub.Request) -> HTTPStub.Answer, _ test: (HTTPStub) async throws -> Void
) async throws {
    let server = try await HTTPStub(answer)
    do { try await test(server) } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

extension HTTPStub {
    func url(_ path: String = "/bot") -> String { "http://127.0.0.1:\(port)\(path)" }
    var name: String { "127.0.0.1:\(port)" }
}

extension HTTPStub.Answer {
    static func text(_ text: String, type: String = "text/plain", status: HTTPResponseStatus = .ok) -> Self {
        .bytes(Array(text.utf8), headers: ["Content-Type": type], status: status)
    }
}

/// Wrong answers, and what is said of them.
private let wrongAnswers: [(HTTPStub.Answer, ServiceError.Reason, String)] = [
    (.text("x", status: .found), .status(302), "redirections"),
    (.text("x", status: .internalServerError), .status(500), "own log"),
    (.text("x", status: .unauthorized), .status(401), "secret"),
    (.text("<html>", type: "text/html"), .unreadable, "HTML"),
    (.text("x", type: "image/png"), .unreadable, "image/png"),
    (.text("{", type: "application/json"), .unreadable, "not JSON"),
    (.bytes([0xFF, 0xFE], headers: [:]), .unreadable, "UTF-8"),
    (
        .bytes([0x1F, 0x8B, 8], headers: ["Content-Encoding": "gzip", "Content-Type": "text/plain"]), .unreadable,
        "compressed"
    ),
    (.raw("SSH-2.0-OpenSSH_9.2\r\n"), .unreadable, "not HTTP"),
    (.raw("HTTP/1.1 000 OK\r\nContent-Length: 1\r\n\r\nx"), .unreadable, "not HTTP"),
    (.raw("HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"), .unreadable, "not HTTP"),
    (.text(String(repeating: "x", count: 5000)), .tooLarge(limit: 4096), "4096"),
    (.endlessBody(type: "text/plain"), .tooLarge(limit: 4096), "4096"),
    (.hugeBody(type: "text/plain", length: 10 << 30), .tooLarge(limit: 4096), "4096"),
    (.stalledBody(type: "text/plain", Array("begun".utf8)), .tooSlow, "2 seconds"),
    (.after(.seconds(20), .text("late")), .tooSlow, "2 seconds"),
]

@Suite("Forwarding a message", .timeLimit(.minutes(2))) struct ForwardTests {
    @Test func postsItAsJSONAndAnswersWithWhatComesBack() async throws {
        try await withService({ _ in .json(#"{"type":"text","content":"你好"}"#) }) { server in
            let forward = try Forward(
                url: server.url("/bot?key=1"), headers: [ServiceHeader("Authorization", "Bearer abc")])
            let message = try textMessage()
            #expect(try await forward.answer(message, context()) == .text("你好"))
            let request = try #require(server.requests.first)
            #expect(server.requests.count == 1)
            #expect(request.method == .POST)
            #expect(request.path == "/bot")
            #expect(request.query == ["key": "1"])
            #expect(request.headers["Content-Type"] == ["application/json; charset=utf-8"])
            #expect(request.headers["Authorization"] == ["Bearer abc"])
            #expect(request.headers["Accept-Encoding"].isEmpty)
            #expect(!request.headers.contains(name: ServiceSecret.header))
            #expect(request.body == MessageJSON.bytes(message, context()))
        }
    }

    @Test func isSignedWithTheSecret() async throws {
        let secret = "0123456789abcdef-secret"
        try await withService({ _ in .text("ok") }) { server in
            let forward = try Forward(url: server.url(), secret: secret)
            _ = try await forward.answer(try textMessage(), context())
            let request = try #require(server.requests.first)
            let parts = try #require(request.headers[ServiceSecret.header].first).split(separator: ",")
            #expect(parts.count == 2)
            let time = try #require(Int64(parts[0].dropFirst(2)))
            #expect(abs(Double(time) - Date().timeIntervalSince1970) < 60)
            let expected = HMAC<SHA256>.authenticationCode(
                for: Data("\(time).".utf8) + Data(request.body), using: SymmetricKey(data: Data(secret.utf8)))
            #expect(parts[1] == "v1=" + expected.map { String(format: "%02x", $0) }.joined())
        }
    }

    /// The example of the documentation, by `openssl dgst -sha256 -hmac`.
    @Test func hasASignatureThatOthersCompute() throws {
        let secret = try ServiceSecret("an example of a secret")
        #expect(
            secret.signature(of: Array(#"{"version":1}"#.utf8), at: 1_700_000_000)
                == "t=1700000000,v1=c5773ce2d8342c258ed29da4ef003190e9bca082618a6bc6e2a82b6f63ed922b")
    }

    @Test func saysNothingWhereTheServiceHasNothingToSay() async throws {
        for answer: HTTPStub.Answer in [
            .bytes([], headers: [:], status: .noContent), .bytes([], headers: [:]), .text("success"),
        ] {
            try await withService({ _ in answer }) { server in
                let forward = try Forward(url: server.url())
                let reply = try await forward.answer(try textMessage(), context())
                #expect(reply == Reply.none)
            }
        }
    }

    @Test func changesTheSession() async throws {
        try await withService({ _ in .json(#"{"type":"text","content":"?","session":{"state":"asked"}}"#) }) { server in
            let sessions = Sessions(store: MemoryStore(), account: "shop")
            _ = try await Forward(url: server.url()).answer(try textMessage(), context(sessions: sessions))
            #expect(try await sessions.session(of: "oUser").state == "asked")
        }
    }

    @Test func isTriedOnceMoreWhereTheConnectionIsLostBeforeTheAnswer() async throws {
        for loss: HTTPStub.Answer in [.hangUp, .reset] {
            let count = NIOLockedValueBox(0)
            try await withService({ _ in
                count.withLockedValue {
                    $0 += 1
                    return $0 == 1 ? loss : .text("ok")
                }
            }) { server in
                let forward = try Forward(url: server.url())
                let reply = try await forward.answer(try textMessage(), context())
                #expect(reply == .text("ok"))
                #expect(server.requests.count == 2)
                #expect(server.requests.first?.body == server.requests.last?.body)
            }
        }
    }

    @Test func isNotTriedAThirdTime() async throws {
        try await withService({ _ in .hangUp }) { server in
            let forward = try Forward(url: server.url())
            let error = await failure(ServiceError.self) { try await forward.answer(try textMessage(), context()) }
            #expect(error?.reason == .unreachable)
            #expect(server.requests.count == 2)
        }
    }

    @Test func isNotTriedAgainAfterATimeOut() async throws {
        try await withService({ _ in .silence }) { server in
            let forward = try Forward(url: server.url(), timeout: .milliseconds(2500))
            let error = await failure(ServiceError.self) { try await forward.answer(try textMessage(), context()) }
            #expect(error?.reason == .tooSlow)
            #expect(error?.description.contains("2.5 seconds") == true)
            #expect(server.requests.count == 1)
        }
    }

    @Test("fails within bounds where the service answers what it should not", arguments: wrongAnswers.indices)
    func fails(index: Int) async throws {
        let (answer, reason, said) = wrongAnswers[index]
        try await withService({ _ in answer }) { server in
            let forward = try Forward(
                url: server.url("/secret-path?key=secret-key"), timeout: .seconds(reason == .tooSlow ? 2 : 20),
                limit: 4096,
                secret: "secret-0123456789")
            let start = ContinuousClock.now
            let error = await failure(ServiceError.self) { try await forward.answer(try textMessage(), context()) }
            #expect(error?.reason == reason)
            #expect(error?.description.contains(said) == true, "\(error?.description ?? "no error")")
            #expect(error?.description.contains(server.name) == true)
            #expect(error?.description.contains("secret-") == false)
            #expect(server.requests.count == 1)
            #expect(ContinuousClock.now - start < .seconds(30))
        }
    }

    @Test func takesAnAnswerOfJustItsLimit() async throws {
        let text = String(repeating: "x", count: 4096)
        try await withService({ _ in .text(text) }) { server in
            let forward = try Forward(url: server.url(), limit: 4096)
            #expect(try await forward.answer(try textMessage(), context()) == .text(text))
        }
    }

    @Test func failsWhereNothingListens() async throws {
        let server = try await HTTPStub { _ in .silence }
        let forward = try Forward(url: server.url("/secret-path"))
        let name = server.name
        await server.stop()
        let error = await failure(ServiceError.self) { try await forward.answer(try textMessage(), context()) }
        #expect(error?.reason == .unreachable)
        #expect(error?.description.contains("connection refused") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(name) == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func endsWhenItsTaskIsCancelled() async throws {
        try await withService({ _ in .silence }) { server in
            let forward = try Forward(url: server.url())
            let message = try textMessage()
            let task = Task { await failure(ServiceError.self) { try await forward.answer(message, context()) } }
            while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            task.cancel()
            #expect(await task.value?.reason == .unreachable)
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        "refuses an address that is none",
        arguments: [
            "", "bot.example.com", "ftp://bot.example.com/", "http://", "https:///path", "http://user:secret@host/",
            "http://host/a b", "http://host/#secret", "http://host/\u{4F60}", "/path", "http://@host/",
        ])
    func address(url: String) async throws {
        let error = await failure(ServiceSettingError.self) { try Forward(url: url) }
        #expect(error?.setting == "url")
        #expect(error?.description.contains("secret") == false)
    }

    @Test("waits in line where all connections are in use, longer than a connection may take to be made")
    func waitsForItsTurn() async throws {
        let connections = HTTPConnections(connectTimeout: .seconds(1), mostPerHost: 1)
        try await withService({ _ in .after(.seconds(2), .text("ok")) }) { server in
            let forward = try Forward(url: server.url(), connections: connections)
            let message = try textMessage()
            try await withThrowingTaskGroup(of: Reply?.self) { group in
                for _ in 0..<3 { group.addTask { try await forward.answer(message, context()) } }
                for try await reply in group { #expect(reply == .text("ok")) }
            }
            #expect(server.requests.count == 3)
        }
        await connections.shutdown()
    }

    @Test("says that all connections were in use where they are until its time is over, and leaves the line")
    func givesUpItsTurn() async throws {
        let connections = HTTPConnections(connectTimeout: .seconds(5), mostPerHost: 1)
        try await withService({ $0.path == "/slow" ? .silence : .text("ok") }) { server in
            let slow = try Forward(url: server.url("/slow"), connections: connections)
            let quick = try Forward(url: server.url("/quick"), timeout: .milliseconds(200), connections: connections)
            let message = try textMessage()
            let work = Task { try await slow.answer(message, context()) }
            while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            let error = await failure(ServiceError.self) { try await quick.answer(message, context()) }
            #expect(error?.reason == .tooSlow)
            #expect(error?.description.contains("busy with 1 other") == true, "\(error?.description ?? "")")
            work.cancel()
            _ = await work.result
            let patient = try Forward(url: server.url("/quick"), connections: connections)
            #expect(try await patient.answer(message, context()) == .text("ok"))
            #expect(server.requests.count == 2)
        }
        await connections.shutdown()
    }

    @Test func showsNothingSecretOfItself() throws {
        let forward = try Forward(
            url: "https://bot.example.com:8443/secret?secret", secret: "secret-0123456789",
            headers: [ServiceHeader("Authorization", "secret")])
        #expect("\(forward)" == "Forward(bot.example.com:8443)")
        var dumped = ""
        dump(forward, to: &dumped)
        #expect(!dumped.contains("secret"))
        #expect(try "\(Forward(url: "http://[::1]:80/x"))" == "Forward([::1]:80)")
    }

    @Test func refusesSettingsOutOfRange() async throws {
        let url = "http://127.0.0.1/"
        let wrong: [(String, () throws -> Any)] = [
            ("timeout", { try Forward(url: url, timeout: .zero) }),
            ("timeout", { try Forward(url: url, timeout: .seconds(601)) }),
            ("limit", { try Forward(url: url, limit: 0) }), ("limit", { try Forward(url: url, limit: .max) }),
            ("secret", { try Forward(url: url, secret: "short") }),
            ("credentials", { try Forward(url: url, form: .xml) }),
            ("sessionLifetime", { try Forward(url: url, sessionLifetime: .infinity) }),
            ("headers", { try ServiceHeader("X\r\nY", "a") }), ("headers", { try ServiceHeader("X", "a\r\nY: b") }),
            ("headers", { try ServiceHeader("Content-Length", "1") }), ("headers", { try ServiceHeader("", "1") }),
        ]
        for (setting, make) in wrong {
            let error = await failure(ServiceSettingError.self) { try make() }
            #expect(error?.setting == setting)
        }
    }
}
