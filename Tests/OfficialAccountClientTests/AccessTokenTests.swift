import HTTPStub
import NIOHTTP1
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountClient

@Suite("The access token", .timeLimit(.minutes(2)))
struct AccessTokenTests {
    @Test func fourProcessesThatNeedATokenAtOnceFetchOne() async throws {
        let desk = TokenDesk()
        let server = try await HTTPStub { request in
            request.path.hasSuffix("stable_token")
                ? .after(.milliseconds(300), desk.answer(request))
                : desk.accepts(request) ? TokenDesk.ok : TokenDesk.refusal
        }
        let store = TestStore()
        // Clients share nothing but the store, as processes do.
        let clients = try (0..<4).map { _ in try platform(server, store: store) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients {
                for _ in 0..<5 { group.addTask { try await client.send(.text("hi"), to: "oUser") } }
            }
            try await group.waitForAll()
        }
        #expect(server.requests(to: "stable_token").count == 1)
        #expect(server.requests(to: "custom/send").count == 20)
        #expect(desk.current.utf8.count > 512)
        await server.stop()
    }

    @Test func aTokenInTheStoreIsTakenWithoutACall() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let store = TestStore()
            try await platform(server, store: store).send(.text("hi"), to: "oUser")
            try await platform(server, store: store).send(.text("hi"), to: "oUser")
            #expect(server.requests(to: "stable_token").count == 1)
            #expect(server.requests(to: "stable_token").first?.text.contains(#""force_refresh":false"#) == true)
        }
    }

    @Test func aTokenThatIsAtHandNeedsNoStore() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let store = TestStore()
            let client = try platform(server, store: store)
            try await client.send(.text("hi"), to: "oUser")
            let commits = store.commits
            store.setDown(true)
            for _ in 0..<5 { try await client.send(.text("hi"), to: "oUser") }
            #expect(store.commits == commits)
        }
    }

    @Test func theNextTokenIsFetchedWhileTheOldOneIsUsed() async throws {
        let tokenCalls = Gate()
        let desk = TokenDesk(lifetime: 200)
        let server = try await HTTPStub { request in
            guard request.path.hasSuffix("stable_token") else { return TokenDesk.ok }
            // From the second on the platform is slow.
            return tokenCalls.pass() == 1 ? desk.answer(request) : .after(.seconds(2), desk.answer(request))
        }
        var timing = TokenTiming()
        timing.leastAge = 0
        let client = try platform(server, timing: timing)
        for _ in 0..<4 { try await client.send(.text("hi"), to: "oUser") }
        // The first was fetched because there was none, the second because the first is near its end.
        #expect(server.requests(to: "custom/send").count == 4)
        await client.finish()
        #expect(server.requests(to: "stable_token").count == 2)
        await server.stop()
    }

    @Test func aTokenThatComesAgainIsNotAskedForEveryTime() async throws {
        try await withPlatform(desk: TokenDesk(lifetime: 200), { _ in TokenDesk.ok }) { server, _ in
            let client = try platform(server)
            for _ in 0..<10 { try await client.send(.text("hi"), to: "oUser") }
            #expect(server.requests(to: "stable_token").count == 1)
        }
    }

    @Test func anExpiredTokenIsReplaced() async throws {
        try await withPlatform(desk: TokenDesk(lifetime: 1), { _ in TokenDesk.ok }) { server, _ in
            let client = try platform(server)
            try await client.send(.text("hi"), to: "oUser")
            try await Task.sleep(for: .milliseconds(1100))
            try await client.send(.text("hi"), to: "oUser")
            #expect(server.requests(to: "stable_token").count == 2)
        }
    }

    @Test func aProcessThatDiedWhileFetchingIsReplaced() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let store = TestStore()
            var timing = TokenTiming()
            timing.lock = 500
            let credentials = try Account.credentials()
            let shelf = TokenShelf(
                store: store, appID: try #require(credentials.appID), appSecret: try #require(credentials.appSecret),
                timing: timing)
            #expect(try await shelf.acquire(try await shelf.look()) != nil)
            #expect(try await shelf.acquire(try await shelf.look()) == nil)
            try await platform(server, store: store, timing: timing).send(.text("hi"), to: "oUser")
            #expect(server.requests(to: "stable_token").count == 1)
        }
    }

    @Test func aProcessThatDoesNotComeBackIsNotWaitedForWithoutEnd() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let store = TestStore()
            var timing = TokenTiming()
            timing.lock = 600_000
            timing.wait = 300
            let credentials = try Account.credentials()
            let shelf = TokenShelf(
                store: store, appID: try #require(credentials.appID), appSecret: try #require(credentials.appSecret),
                timing: timing)
            #expect(try await shelf.acquire(try await shelf.look()) != nil)
            let client = try platform(server, store: store, timing: timing)
            let error = await failure { () async throws(PlatformError) in try await client.send(.text("hi"), to: "o") }
            #expect(error?.reason == .unreachable)
        }
    }

    @Test func whatIsNotATokenInTheStoreIsReplaced() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let store = TestStore()
            let key = StoreKey(Array("access-token/wx0123456789abcdef/token".utf8))
            _ = try await store.commit(StoreTransaction(writes: [.init(key, [0xFF, 0, 1], lifetime: 60_000)]))
            try await platform(server, store: store).send(.text("hi"), to: "oUser")
            #expect(store.text.contains(TokenDesk.token(1)))
        }
    }

    // MARK: Refused tokens

    @Test func aTokenThatAnotherProgramReplacedIsFetchedAgainWithoutForce() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, desk in
            let client = try platform(server)
            try await client.send(.text("1"), to: "oUser")
            desk.change()
            try await client.send(.text("2"), to: "oUser")
            #expect(server.requests(to: "custom/send").count == 3)
            #expect(server.requests(to: "stable_token").count == 2)
            #expect(server.requests(to: "stable_token").allSatisfy { !$0.text.contains(#""force_refresh":true"#) })
        }
    }

    @Test func aNewerTokenInTheStoreIsTakenBeforeThePlatformIsAsked() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, desk in
            let store = TestStore()
            let (one, other) = (try platform(server, store: store), try platform(server, store: store))
            try await one.send(.text("1"), to: "oUser")
            try await other.send(.text("1"), to: "oUser")
            desk.change()
            try await one.send(.text("2"), to: "oUser")
            let calls = server.requests(to: "stable_token").count
            try await other.send(.text("2"), to: "oUser")
            #expect(server.requests(to: "stable_token").count == calls)
        }
    }

    @Test(arguments: [40001, 40014, 42001])
    func aTokenThatThePlatformHandsOutButDoesNotTakeIsForcedOnceAmongAll(errcode: Int) async throws {
        let desk = TokenDesk()
        let first = desk.current
        let server = try await HTTPStub { request in
            if request.path.hasSuffix("stable_token") { return desk.answer(request) }
            return request.query["access_token"] == first
                ? .json(#"{"errcode":\#(errcode),"errmsg":"no"}"#) : TokenDesk.ok
        }
        let store = TestStore()
        let clients = try (0..<4).map { _ in try platform(server, store: store) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients {
                for _ in 0..<3 { group.addTask { try await client.send(.text("hi"), to: "oUser") } }
            }
            try await group.waitForAll()
        }
        #expect(server.requests(to: "stable_token").count { $0.text.contains(#""force_refresh":true"#) } == 1)
        #expect(server.requests(to: "stable_token").count <= 3)
        await server.stop()
    }

    @Test func noTokenIsForcedAgainShortlyAfterOneWas() async throws {
        let server = try await TokenDesk.serverThatRefusesItsTokens()
        let store = TestStore()
        var timing = TokenTiming()
        (timing.refusal, timing.forcing) = (600_000, 600_000)
        for _ in 0..<4 {
            let client = try platform(server, store: store, timing: timing)
            for _ in 0..<5 {
                let error = await failure { () async throws(PlatformError) in
                    try await client.send(.text("hi"), to: "o")
                }
                #expect(error?.errcode == 40001)
            }
        }
        #expect(server.requests(to: "stable_token").count { $0.text.contains(#""force_refresh":true"#) } == 1)
        // Of the messages that fail, few make calls for tokens.
        #expect(server.requests(to: "stable_token").count <= 4)
        await server.stop()
    }

    @Test func noMoreTokensAreForcedInADayThanThePlatformLets() async throws {
        let server = try await TokenDesk.serverThatRefusesItsTokens()
        let store = TestStore()
        var timing = TokenTiming()
        (timing.refusal, timing.forcing, timing.mostForced) = (1, 1, 3)
        for _ in 0..<8 {
            let client = try platform(server, store: store, timing: timing)
            let error = await failure { () async throws(PlatformError) in try await client.send(.text("hi"), to: "o") }
            #expect(error?.errcode == 40001)
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(server.requests(to: "stable_token").count { $0.text.contains(#""force_refresh":true"#) } == 3)
        await server.stop()
    }

    @Test func aTokenIsOnlyForThoseWhoHaveTheAppSecret() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let store = TestStore()
            try await platform(server, store: store).send(.text("1"), to: "oUser")
            let calls = server.requests(to: "stable_token").count
            let secret = try AppSecret(parsing: "ffffffffffffffffffffffffffffffff")
            try await platform(server, store: store, appSecret: secret).send(.text("1"), to: "oUser")
            #expect(server.requests(to: "stable_token").count == calls + 1)
        }
    }

    @Test(arguments: ["1 9223372036854775807 5 t", "1 5 -9223372036854775808 t", "1 -1 5 t"])
    func timesThatNoClockHasAreNoToken(text: String) { #expect(AccessToken(Array(text.utf8)) == nil) }

    @Test func noTokenIsForcedWhileTheStoreIsDown() async throws {
        let server = try await TokenDesk.serverThatRefusesItsTokens()
        let store = TestStore()
        store.setDown(true)
        let client = try platform(server, store: store)
        let error = await failure { () async throws(PlatformError) in try await client.send(.text("hi"), to: "o") }
        #expect(error?.reason == .store)
        #expect(error?.description.contains("the test's store is down") == true)
        #expect(server.requests(to: "stable_token").allSatisfy { $0.text.contains(#""force_refresh":false"#) })
        await server.stop()
    }

    // MARK: Failures

    @Test func aStoreThatIsDownIsDoneWithout() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let store = TestStore()
            store.setDown(true)
            let lines = LogLines()
            let client = try platform(server, store: store, logger: lines.logger)
            for _ in 0..<5 { try await client.send(.text("hi"), to: "oUser") }
            #expect(server.requests(to: "stable_token").count == 1)
            #expect(lines.all.count == 1)
        }
    }

    @Test func aStoreThatGoesDownWhileATokenIsFetchedIsDoneWithout() async throws {
        let store = TestStore()
        let desk = TokenDesk()
        let server = try await HTTPStub { request in
            guard request.path.hasSuffix("stable_token") else { return TokenDesk.ok }
            store.setDown(true)
            return desk.answer(request)
        }
        let client = try platform(server, store: store)
        for _ in 0..<3 { try await client.send(.text("hi"), to: "oUser") }
        #expect(server.requests(to: "stable_token").count == 1)
        await server.stop()
    }

    @Test(arguments: [
        (40125, "invalid appsecret", "AppSecret is wrong"),
        (40013, "invalid appid", "AppID is not valid"),
        (
            40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 65f0c1d2-1a2b-3c4d",
            "the address 203.0.113.7 is not on"
        ),
        (45009, "reach max api daily quota limit", "quota"),
    ])
    func aRefusalIsRememberedByAllProcessesForAWhile(errcode: Int, errmsg: String, advice: String) async throws {
        let server = try await HTTPStub { _ in .json(#"{"errcode":\#(errcode),"errmsg":"\#(errmsg)"}"#) }
        let store = TestStore()
        var timing = TokenTiming()
        timing.refusal = 600_000
        for _ in 0..<3 {
            let client = try platform(server, store: store, timing: timing)
            for _ in 0..<20 {
                let error = await failure { () async throws(PlatformError) in
                    try await client.send(.text("hi"), to: "o")
                }
                #expect(error?.errcode == errcode)
                #expect(error?.description.contains(advice) == true)
            }
        }
        #expect(server.requests.count == 1)
        await server.stop()
    }

    @Test func anotherAppSecretIsTriedAtOnce() async throws {
        let server = try await HTTPStub { request in
            request.text.contains(Account.secret)
                ? .json(#"{"errcode":40125,"errmsg":"invalid appsecret"}"#)
                : .json(#"{"access_token":"T","expires_in":7200}"#)
        }
        let store = TestStore()
        let wrong = try platform(server, store: store)
        let error = await failure { () async throws(PlatformError) in try await wrong.send(.text("hi"), to: "o") }
        #expect(error?.errcode == 40125)
        let right = PlatformClient(
            credentials: try Credentials(
                token: Token(parsing: "hello"), appID: AppID(parsing: "wx0123456789abcdef"),
                appSecret: AppSecret(parsing: "another0another0another0another0")),
            store: store, connections: PlatformConnections(),
            address: try PlatformAddress(parsing: "http://127.0.0.1:\(server.port)"))
        try await right.send(.text("hi"), to: "oUser")
        await server.stop()
    }

    @Test func aFailureInTheBackgroundIsLoggedOnceAndStopsNoMessage() async throws {
        let tokenCalls = Gate()
        let desk = TokenDesk(lifetime: 200)
        let server = try await HTTPStub { request in
            guard request.path.hasSuffix("stable_token") else { return TokenDesk.ok }
            return tokenCalls.pass() == 1 ? desk.answer(request) : .json(#"{"errcode":45009,"errmsg":"quota"}"#)
        }
        var timing = TokenTiming()
        timing.leastAge = 0
        let lines = LogLines()
        let client = try platform(server, timing: timing, logger: lines.logger)
        for _ in 0..<6 {
            try await client.send(.text("hi"), to: "oUser")
            await client.finish()
        }
        // The line is written by a task that nobody waits for.
        for _ in 0..<3000 where lines.all.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        try await Task.sleep(for: .milliseconds(200))
        #expect(server.requests(to: "stable_token").count == 2)
        #expect(lines.all.count == 1)
        #expect(lines.all.first?.contains("45009") == true)
        await server.stop()
    }

    @Test(arguments: [
        #"{"access_token":"","expires_in":7200}"#, #"{"access_token":"a b","expires_in":7200}"#, "{}", "[]",
    ])
    func anAnswerWithoutATokenIsUnreadable(answer: String) async throws {
        let server = try await HTTPStub { _ in .json(answer) }
        let client = try platform(server)
        let error = await failure { () async throws(PlatformError) in try await client.send(.text("hi"), to: "o") }
        #expect(error?.reason == .unreadable)
        await server.stop()
    }

    @Test func anAccountWithoutAnAppSecretMakesNoCall() async throws {
        let connections = PlatformConnections()
        let client = PlatformClient(
            credentials: Credentials(token: try Token(parsing: "hello")), store: TestStore(), connections: connections)
        let error = await failure { () async throws(PlatformError) in try await client.send(.text("hi"), to: "o") }
        #expect(error?.reason == .noCredentials)
        #expect(!connections.isInUse)
    }
}
