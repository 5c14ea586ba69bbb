import OfficialAccount
import OfficialAccountBot
import PlatformSimulator
import TestSupport
import Testing

@Suite("Late answers: collecting", .onOwnThreads)
struct LateCollectingTests {
    private struct Place: Sendable {
        var server: LateServer
        var platform: SimulatedPlatform
        var comment: Comment { Comment(rawValue: server.name) }

        /// Has a user ask something whose answer comes too late for all deliveries.
        func ask(_ seconds: Int, from openID: String) async -> SimulatedUser {
            let user = platform.user(openID)
            let report = await user.send(.text("wait \(seconds)"))
            #expect(user.texts == [LateHandledOnceTests.notice], "\(comment), \(report), \(server.log)")
            return user
        }

        func expectRuns(_ count: Int, for user: SimulatedUser) {
            #expect(server.runs(for: user.openID).count == count, comment)
        }
    }

    private static let notice = LateHandledOnceTests.notice
    private static let apology = "出错了，请稍后再试"

    @Test("What is owed is collected once and whole, with a word or another question, and by no event")
    func collecting() async throws {
        var servers: [LateServer] = []
        for (store, count) in [("memory", 1), ("sqlite", 2)] {
            servers.append(
                try LateServer(
                    "\(store)collect", store: store, processes: count, settings: ["apology": Self.apology]))
        }
        let front = try LateFront(servers)
        let stories: [@Sendable (Place) async throws -> Void] = [
            askedTooEarly, anotherQuestion, event, longText, askedTwice, failure, silence, left, leftBefore,
        ]
        try await withThrowingTaskGroup { group in
            for server in servers {
                let place = Place(server: server, platform: try front.platform(server))
                for story in stories { group.addTask { try await story(place) } }
            }
            try await group.waitForAll()
        }
    }

    @Sendable private func askedTooEarly(_ place: Place) async throws {
        let user = await place.ask(18, from: "oEarly")
        await user.send(.text("1"))
        #expect(user.texts == [Self.notice, "waited 18 #1"], place.comment)
        place.expectRuns(1, for: user)
    }

    @Sendable private func anotherQuestion(_ place: Place) async throws {
        let user = await place.ask(16, from: "oOther")
        try await Task.sleep(for: .seconds(6))
        await user.send(.text("hello"))
        #expect(user.texts == [Self.notice, "waited 16 #1"], place.comment)
        await user.send(.text(" １ "))
        #expect(user.texts == [Self.notice, "waited 16 #1", "hello"], place.comment)
        place.expectRuns(2, for: user)
        // Nothing is owed any more: it is a question of its own.
        await user.send(.text("1"))
        #expect(user.texts.last == "1", place.comment)
        place.expectRuns(3, for: user)
    }

    @Sendable private func event(_ place: Place) async throws {
        let user = await place.ask(16, from: "oEvent")
        try await Task.sleep(for: .seconds(6))
        await user.send(.click(key: "0.1"))
        await user.send(.text("继续"))
        #expect(user.texts == [Self.notice, "clicked 0.1", "waited 16 #1"], place.comment)
        place.expectRuns(2, for: user)
    }

    @Sendable private func longText(_ place: Place) async throws {
        let user = place.platform.user("oLong")
        let ending = "\n" + LateAnswers.defaultContinuation
        await user.send(.text("long 5000"))
        var whole = ""
        for number in 0..<10 {
            if number > 0 { await user.send(.text("1")) }
            let part = try #require(user.texts.last)
            #expect(user.texts.count == number + 1, place.comment)
            #expect(part.utf8.count <= 2048, place.comment)
            guard part.hasSuffix(ending) else {
                whole += part
                break
            }
            whole += part.dropLast(ending.count)
        }
        let sentence = "一二三四五六七八九。"
        #expect(whole == String(repeating: sentence, count: 5000 / sentence.utf8.count), place.comment)
        place.expectRuns(1, for: user)
    }

    /// Somebody who cannot wait asks for one answer twice at a time.
    @Sendable private func askedTwice(_ place: Place) async throws {
        let user = await place.ask(18, from: "oTwice")
        async let first = user.send(.text("1"))
        async let second = user.send(.text("1"))
        _ = await [first, second]
        #expect(user.texts == [Self.notice, "waited 18 #1"], place.comment)
        place.expectRuns(1, for: user)
    }

    @Sendable private func failure(_ place: Place) async throws {
        let user = place.platform.user("oFailure")
        let message = user.prepare(.text("fail"))
        for number in 1...3 {
            let record = await place.platform.deliverOnce(message, number: number)
            #expect(record.reply == .text(Self.apology), place.comment)
        }
        place.expectRuns(1, for: user)
    }

    @Sendable private func silence(_ place: Place) async throws {
        let user = place.platform.user("oSilence")
        let report = await user.send(.text("silence 6"))
        #expect(report.outcome == .nothing, "\(place.comment), \(report)")
        #expect(user.seen.isEmpty, place.comment)
        place.expectRuns(1, for: user)
    }

    /// Somebody leaves the account to whom an answer is owed.
    @Sendable private func left(_ place: Place) async throws {
        let user = await place.ask(16, from: "oLeft")
        // Where it waits by now, or is dropped when it comes: nobody sees it.
        try await Task.sleep(for: .seconds(6))
        await leave(user)
        await expectNothingOwed(user, place)
    }

    /// The same while the handler still runs, in whatever process.
    @Sendable private func leftBefore(_ place: Place) async throws {
        let user = await place.ask(20, from: "oLeftBefore")
        await leave(user)
        try await Task.sleep(for: .seconds(10))
        await expectNothingOwed(user, place)
    }

    /// Whoever has left and followed again is answered as somebody new.
    private func expectNothingOwed(_ user: SimulatedUser, _ place: Place) async {
        await user.send(.text("hello"))
        await user.send(.text("1"))
        #expect(
            user.texts == [Self.notice, "unsubscribe", "subscribe", "hello", "1"],
            "\(place.comment), \(place.server.log)")
        place.expectRuns(5, for: user)
    }

    private func leave(_ user: SimulatedUser) async {
        await user.send(.unsubscribe)
        await user.send(.subscribe())
    }

    @Test("A handler that takes longer than handler_timeout ends in the apology, for every delivery")
    func timeout() async throws {
        let server = try LateServer(
            "timeout", store: "sqlite", processes: 2,
            settings: ["apology": Self.apology, "handler_timeout": "6"])
        let front = try LateFront([server])
        let platform = try front.platform(server)
        let user = platform.user("oTimeout")
        let message = user.prepare(.text("wait 30"))
        let report = await platform.send(message)
        #expect(report.outcome == .reply(.text(Self.apology)), "\(report)")
        #expect(await platform.deliverOnce(message, number: 3).reply == .text(Self.apology))
        #expect(server.runs(for: user.openID).count == 1)
    }

    /// What keeps an answer from being sent: what goes wrong with which call how often, and what the log has of it.
    private static let troubles: [(fault: InjectedFault, path: APIPath, calls: Int, line: String)] = [
        (.errcode(45015), .customSend, 1, "45015"), (.errcode(45047), .customSend, 1, "45047"),
        (.errcode(48001), .customSend, 1, "48001"),
        // A wrong secret, and an access token that is refused, as is the one that is fetched in its place.
        (.errcode(40125), .stableToken, 1, "40125"), (.errcode(40001), .stableToken, 1, "40001"),
        (.errcode(40001), .customSend, 2, "40001"), (.errcode(40164), .stableToken, 1, "40164"),
        (.notJSON, .customSend, 1, "is not JSON"), (.notJSON, .stableToken, 1, "is not JSON"),
        (.stall, .customSend, 1, "did not answer in time"), (.stall, .stableToken, 3, "in time"),
    ]

    @Test(
        "Where the platform does not take an answer, it waits to be collected, and the log says why once",
        arguments: ["memory", "sqlite"])
    func refused(store: String) async throws {
        var servers: [LateServer] = []
        for (index, trouble) in Self.troubles.enumerated() {
            let api = try await LateServer.api()
            api.inject(trouble.fault, for: trouble.path, calls: trouble.calls)
            servers.append(
                try LateServer(
                    "\(store)refused\(index)", store: store, late: "customer_service", api: api,
                    variables: ["LATE_BOT_CALL_SECONDS": "2"]))
        }
        let front = try LateFront(servers)
        try await withThrowingTaskGroup { group in
            for (server, trouble) in zip(servers, Self.troubles) {
                let user = try front.platform(server).user("oRefused")
                group.addTask {
                    let what = "\(trouble)"
                    let report = await user.send(.text("wait 6"))
                    #expect(report.outcome == .nothing, "\(what), \(report)")
                    let lines: @Sendable () -> [Substring] = {
                        server.log.split(separator: "\n").filter { $0.contains("waits to be collected") }
                    }
                    #expect(await eventually { !lines().isEmpty }, "\(what), \(server.log)")
                    #expect(user.seen.isEmpty, "\(what)")
                    // It is written down a moment later; until then "1" waits for it.
                    await user.send(.text("1"))
                    #expect(user.texts == ["waited 6 #1"], "\(what), \(server.log)")
                    #expect(lines().count == 1, "\(what), \(server.log)")
                    #expect(lines().first?.contains(trouble.line) == true, "\(what), \(server.log)")
                    #expect(server.runs(for: user.openID).count == 1, "\(what)")
                    #expect(server.api?.messages.isEmpty == true, "\(what)")
                }
            }
            try await group.waitForAll()
        }
        for server in servers { await server.api?.stop() }
    }

    @Test("Asked for while customer service is still to send it, an answer comes once, and nothing is owed afterwards")
    func askedBeforeSent() async throws {
        let api = try await LateServer.api()
        let server = try LateServer(
            "asked", store: "sqlite", late: "customer_service", settings: ["apology": Self.apology], api: api)
        let front = try LateFront([server])
        let user = try front.platform(server).user("oAsked")
        await user.send(.text("wait 12"))
        await user.send(.text("1"))
        #expect(await user.seen(atLeast: 1, within: .seconds(20)) == [.text("waited 12 #1")], "\(server.log)")
        // The user sees it a moment before it is written down that it was sent; until then "1" asks for it.
        try await Task.sleep(for: .seconds(5))
        await user.send(.text("1"))
        #expect(user.texts == ["waited 12 #1", "1"], "\(server.log)")
        #expect(server.runs(for: user.openID).count == 2)
        await api.stop()
    }

    @Test("Typing is shown until customer service has sent the answer")
    func typing() async throws {
        let api = try await LateServer.api()
        let server = try LateServer(
            "typing", store: "memory", late: "customer_service", settings: ["typing": "yes"], api: api)
        let front = try LateFront([server])
        let user = try front.platform(server).user("oTyping")
        await user.send(.text("wait 8"))
        #expect(await eventually { api.isTyping(to: user.openID) })
        #expect(await user.seen(atLeast: 1, within: .seconds(20)) == [.text("waited 8 #1")])
        #expect(!api.isTyping(to: user.openID))
        await api.stop()
    }
}
