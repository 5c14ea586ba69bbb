import HTTPStub
import NIOHTTP1
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountClient

@Suite("Failing calls", .timeLimit(.minutes(2)))
struct FailureTests {
    private static let content = "secret-content-of-a-message"

    private func error(
        of client: PlatformClient, _ text: String = FailureTests.content
    ) async -> PlatformError? {
        await failure { () async throws(PlatformError) in try await client.send(.text(text), to: "oUser") }
    }

    @Test(arguments: [
        (40003, "OpenID"), (40007, "media ID"), (45002, "too long"), (45009, "quota"), (45015, "48 hours"),
        (45047, "too many messages"), (48001, "permission"), (43004, "does not follow"), (50002, "frozen"),
        (61007, "third-party"), (61999, "third-party"), (65400, "customer service"), (99999, "全局返回码"),
        (-5, "全局返回码"),
    ])
    func everyErrcodeSaysWhatToDo(errcode: Int, advice: String) async throws {
        let answer = #"{"errcode":\#(errcode),"errmsg":"\#(Self.content) rid: 65f0c1d2-1a2b-3c4d"}"#
        try await withPlatform({ _ in .json(answer) }) { server, _ in
            let error = try #require(await error(of: platform(server)))
            #expect(error.reason == .refused(errcode: errcode))
            #expect(error.errcode == errcode)
            #expect(error.description.contains("\(errcode)"))
            #expect(error.description.contains(advice))
            #expect(error.description.contains("rid 65f0c1d2-1a2b-3c4d"))
            #expect(!error.description.contains(Self.content))
            #expect(server.requests(to: "custom/send").count == 1)
        }
    }

    @Test(arguments: [
        HTTPStub.Answer.bytes(Array("<html>login</html>".utf8), headers: ["Content-Type": "text/html"]),
        .json(""), .json("["), .json(#""ok""#), .json(#"{"errcode":"x"}"#),
        .bytes([0xFF, 0xFE, 0], headers: [:]),
        .bytes([], headers: ["Location": "http://127.0.0.1:1/"], status: .found),
        .bytes(Array("not found".utf8), headers: [:], status: .notFound),
        .raw("SSH-2.0-OpenSSH_9.2\r\n"),
        .endlessBody(type: "application/json"),
    ])
    func whatIsNotAnAnswerOfThePlatformIsUnreadable(answer: HTTPStub.Answer) async throws {
        try await withPlatform({ _ in answer }) { server, _ in
            let error = try await error(of: platform(server))
            #expect(error?.reason == .unreadable)
            #expect(server.requests(to: "custom/send").count == 1)
        }
    }

    @Test(arguments: [
        HTTPStub.Answer.silence, .stalledBody(type: "application/json", Array(#"{"errcode":"#.utf8)),
    ])
    func aPlatformThatStallsIsNotWaitedForWithoutEnd(answer: HTTPStub.Answer) async throws {
        try await withPlatform({ _ in answer }) { server, _ in
            var timeouts = quick
            timeouts.call = .milliseconds(700)
            let client = try platform(server, timeouts: timeouts)
            let clock = ContinuousClock.now
            #expect(await error(of: client)?.reason == .unreachable)
            #expect(.now - clock < .seconds(30))
        }
    }

    @Test func aPlatformThatIsNotThereIsUnreachable() async throws {
        // Not a port that was free a moment ago: another test's server may have it by now.
        let client = PlatformClient(
            credentials: try Account.credentials(), store: TestStore(),
            connections: PlatformConnections(timeouts: quick),
            address: try PlatformAddress(parsing: "http://127.0.0.1:1"))
        let error = await error(of: client)
        #expect(error?.reason == .unreachable)
        #expect(error?.description.contains("connection refused") == true)
    }

    @Test func aNameThatIsNotFoundIsUnreachable() async throws {
        let client = PlatformClient(
            credentials: try Account.credentials(), store: TestStore(), connections: PlatformConnections(),
            address: try PlatformAddress(parsing: "http://platform.invalid"))
        #expect(await error(of: client)?.reason == .unreachable)
    }

    @Test func aCallAfterTheShutdownFails() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let client = try platform(server)
            try await client.send(.text("hi"), to: "oUser")
            #expect(client.caller.connections.isInUse)
            await client.caller.connections.shutdown()
            await client.caller.connections.shutdown()
            let error = await error(of: client)
            #expect(error?.reason == .unreachable)
            #expect(error?.description.contains("stopping") == true)
        }
    }

    @Test func aCancelledCallEnds() async throws {
        try await withPlatform({ _ in .silence }) { server, _ in
            let client = try platform(server)
            let call = Task { await error(of: client) }
            while server.requests(to: "custom/send").isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            call.cancel()
            #expect(await call.value?.reason == .unreachable)
        }
    }

    // MARK: Repetition

    @Test(arguments: [
        HTTPStub.Answer.json(#"{"errcode":-1,"errmsg":"system error"}"#),
        .bytes([], headers: [:], status: .serviceUnavailable),
    ])
    func aMessageThatThePlatformDidNotTakeIsSentAgain(answer: HTTPStub.Answer) async throws {
        let attempts = Gate()
        try await withPlatform({ _ in attempts.pass() < 3 ? answer : TokenDesk.ok }) { server, _ in
            try await platform(server).send(.text("hi"), to: "oUser")
            #expect(server.requests(to: "custom/send").count == 3)
        }
    }

    @Test func aMessageIsNotTriedWithoutEnd() async throws {
        try await withPlatform({ _ in .json(#"{"errcode":-1,"errmsg":"system error"}"#) }) { server, _ in
            let error = try await error(of: platform(server))
            #expect(error?.errcode == -1)
            #expect(server.requests(to: "custom/send").count == 3)
        }
    }

    @Test(arguments: [
        HTTPStub.Answer.hangUp, .bytes([], headers: [:], status: .badGateway),
        .bytes([], headers: [:], status: .internalServerError),
    ])
    func aMessageThatMayHaveArrivedIsNotSentAgain(answer: HTTPStub.Answer) async throws {
        try await withPlatform({ _ in answer }) { server, _ in
            let error = try await error(of: platform(server))
            #expect(error?.reason == .unreachable)
            #expect(server.requests(to: "custom/send").count == 1)
        }
    }

    @Test(arguments: [HTTPStub.Answer.hangUp, .bytes([], headers: [:], status: .badGateway)])
    func aQuestionIsAskedAgain(answer: HTTPStub.Answer) async throws {
        let attempts = Gate()
        try await withPlatform({ _ in attempts.pass() < 3 ? answer : .json(#"{"ip_list":[]}"#) }) { server, _ in
            let addresses = try await platform(server).callbackAddresses()
            #expect(addresses.isEmpty)
            #expect(server.requests(to: "getcallbackip").count == 3)
        }
    }

    // MARK: Secrets

    @Test func noErrorAndNoDescriptionHoldsASecret() async throws {
        let token = "TOKEN-that-must-not-be-seen"
        let answers: [HTTPStub.Answer] = [
            .silence, .hangUp, .raw("x\r\n\r\n"), .json("no \(token) \(Account.secret)"),
            .json(#"{"errcode":40013,"errmsg":"invalid \#(token) \#(Account.secret) rid: \#(token)"}"#),
            .json(#"{"errcode":40164,"errmsg":"invalid ip \#(token), \#(Self.content)"}"#),
            .bytes(Array(token.utf8), headers: ["X": token], status: .badGateway),
        ]
        for answer in answers {
            let server = try await HTTPStub { request in
                request.path.hasSuffix("stable_token")
                    ? .json(#"{"access_token":"\#(token)","expires_in":7200}"#) : answer
            }
            var timeouts = quick
            timeouts.call = .seconds(1)
            let store = TestStore()
            let lines = LogLines()
            let client = try platform(server, store: store, timeouts: timeouts, logger: lines.logger)
            let error = try #require(await error(of: client))
            var dumped = ""
            dump(client, to: &dumped)
            let tokens = AccessToken(value: token, fetched: 0, end: 1)
            dump(tokens, to: &dumped)
            let texts = ["\(error)", String(reflecting: error), "\(client)", dumped, "\(tokens)"] + lines.all
            for text in texts {
                for secret in [token, Account.secret, Self.content] { #expect(!text.contains(secret)) }
            }
            #expect(!store.text.contains(Account.secret))
            await server.stop()
        }
    }
}
