import HTTPStub
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("What a chat remembers", .timeLimit(.minutes(5)))
struct ChatHistoryTests {
    /// Answers `A1` to `Q1`.
    private static func echo(_ request: ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step] {
        .stream("A" + request.question.dropFirst(1))
    }

    private static func said(_ numbers: Int..., then last: Int) -> [String] {
        ["system: 你是助手"] + numbers.flatMap { ["user: Q\($0)", "assistant: A\($0)"] } + ["user: Q\(last)"]
    }

    @Test("is said again, up to the number of messages")
    func turns() async throws {
        try await ChatBench.run(history: ChatBounds(messages: 4)) {
            Self.echo($0)
        } _: { bench async throws in
            for number in 1...4 { #expect(try await bench.ask("Q\(number)") == "A\(number)") }
            let requests = bench.server.requests.map(\.messages)
            #expect(requests[0] == Self.said(then: 1))
            #expect(requests[1] == Self.said(1, then: 2))
            #expect(requests[2] == Self.said(1, 2, then: 3))
            #expect(requests[3] == Self.said(2, 3, then: 4))
        }
    }

    @Test("is another user's, account's and chat's alone")
    func apart() async throws {
        try await ChatBench.run {
            Self.echo($0)
        } _: { bench async throws in
            _ = try await bench.ask("Q1", from: "one")
            _ = try await bench.ask("Q2", from: "two")
            let other = Context(account: "b", sessions: Sessions(store: bench.store, account: "b"))
            _ = try await bench.chat.answer(ChatBench.text("Q3", id: 3, from: "one"), other)
            _ = try await bench.ask("Q4", from: "one")
            let requests = bench.server.requests.map(\.messages)
            #expect(requests[1] == Self.said(then: 2))
            #expect(requests[2] == Self.said(then: 3))
            #expect(requests[3] == Self.said(1, then: 4))
        }
    }

    @Test("has no more than so many characters")
    func characters() async throws {
        try await ChatBench.run(history: ChatBounds(characters: 100)) { request in
            request.question.hasPrefix("long") ? .stream(String(repeating: "答", count: 500)) : Self.echo(request)
        } _: { bench async throws in
            _ = try await bench.ask("Q1")
            _ = try await bench.ask("long" + String(repeating: "问", count: 200))
            _ = try await bench.ask("Q2")
            // One that is too long by itself is remembered by its beginning.
            let messages = bench.server.requests[2].messages
            #expect(messages.count == 4)
            #expect(messages[1] == "user: long" + String(repeating: "问", count: 46))
            #expect(messages[2] == "assistant: " + String(repeating: "答", count: 50))
            _ = try await bench.ask("Q3")
            #expect(bench.server.requests[3].messages == Self.said(2, then: 3))
        }
    }

    @Test("is forgotten when it is old, question by question")
    func age() async throws {
        try await ChatBench.run(history: ChatBounds(age: 600)) {
            Self.echo($0)
        } _: { bench async throws in
            _ = try await bench.ask("Q1")
            bench.clock.advance(seconds: 400)
            _ = try await bench.ask("Q2")
            bench.clock.advance(seconds: 400)
            _ = try await bench.ask("Q3")
            bench.clock.advance(seconds: 700)
            _ = try await bench.ask("Q4")
            let requests = bench.server.requests.map(\.messages)
            #expect(requests[2] == Self.said(2, then: 3))
            #expect(requests[3] == Self.said(then: 4))
        }
    }

    @Test("does not have questions without an answer")
    func failed() async throws {
        try await ChatBench.run { request in
            request.question == "Q1" ? .json(400, "{}") : Self.echo(request)
        } _: { bench async throws in
            #expect(await bench.failure("Q1") != nil)
            _ = try await bench.ask("Q2")
            #expect(bench.server.requests[1].messages == Self.said(then: 2))
        }
    }

    @Test("has a question once that was handled twice")
    func twice() async throws {
        try await ChatBench.run {
            Self.echo($0)
        } _: { bench async throws in
            _ = try await bench.ask("Q1", id: 11)
            _ = try await bench.ask("Q2", id: 12)
            _ = try await bench.ask("Q2", id: 12, attempt: 2)
            _ = try await bench.ask("Q3", id: 13)
            #expect(bench.server.requests[2].messages == Self.said(1, then: 2))
            #expect(bench.server.requests[3].messages == Self.said(1, 2, then: 3))
        }
    }

    @Test("has both of two questions that were asked at once, in the order of asking")
    func atOnce() async throws {
        let first = ChatGate()
        let second = ChatGate()
        try await ChatBench.run { request in
            switch request.question {
            case "Q1": [.wait(first)] + Self.echo(request)
            case "Q2": [.wait(second)] + Self.echo(request)
            default: Self.echo(request)
            }
        } _: { bench async throws in
            let one = Task { try await bench.ask("Q1") }
            await first.arrival()
            bench.clock.advance(seconds: 1)
            let two = Task { try await bench.ask("Q2") }
            await second.arrival()
            await second.open()
            #expect(try await two.value == "A2")
            await first.open()
            #expect(try await one.value == "A1")
            _ = try await bench.ask("Q3")
            #expect(bench.server.requests[2].messages == Self.said(1, 2, then: 3))
        }
    }

    @Test("begins afresh when the user says so", arguments: ["新对话", " 重新开始 "])
    func reset(word: String) async throws {
        try await ChatBench.run {
            Self.echo($0)
        } _: { bench async throws in
            _ = try await bench.ask("Q1")
            #expect(try await bench.ask(word) == ChatSettings.defaultResetReply)
            _ = try await bench.ask("Q2")
            #expect(bench.server.requests.map(\.messages) == [Self.said(then: 1), Self.said(then: 2)])
        }
    }

    @Test("begins afresh by voice, too, and without a store")
    func resetByVoice() async throws {
        try await ChatBench.run {
            Self.echo($0)
        } _: { bench async throws in
            let voice = try ChatBench.message(
                "voice", "<MediaId>m</MediaId><Recognition>新对话。</Recognition><MsgId>5</MsgId>")
            #expect(try await bench.answer(voice) == ChatSettings.defaultResetReply)
            #expect(try await bench.ask("新对话", hasStore: false) == ChatSettings.defaultResetReply)
            bench.store.setDown(true)
            // Nobody is told that something is forgotten that is not.
            await #expect(throws: StoreError.self) { try await bench.ask("新对话") }
        }
    }

    @Test("does not have an answer to a question from before a new beginning")
    func resetMeanwhile() async throws {
        let gate = ChatGate()
        try await ChatBench.run { request in
            (request.question == "Q1" ? [.wait(gate)] : []) + Self.echo(request)
        } _: { bench async throws in
            let one = Task { try await bench.ask("Q1") }
            await gate.arrival()
            _ = try await bench.ask("新对话")
            await gate.open()
            #expect(try await one.value == "A1")
            _ = try await bench.ask("Q2")
            #expect(bench.server.requests[1].messages == Self.said(then: 2))
        }
    }

    @Test("is erased of a user who leaves, with all else")
    func forget() async throws {
        try await ChatBench.run(rate: .standard) {
            Self.echo($0)
        } _: { bench async throws in
            _ = try await bench.ask("Q1")
            #expect(bench.store.entries == 1)
            try await bench.chat.forget("user", in: bench.sessions)
            #expect(bench.store.entries == 0)
            _ = try await bench.ask("Q2")
            #expect(bench.server.requests[1].messages == Self.said(then: 2))
        }
    }

    @Test("stays erased where an answer comes after the user has left", arguments: [0, 1])
    func forgetMeanwhile(before: Int) async throws {
        let gate = ChatGate()
        try await ChatBench.run { request in
            (request.question == "Q7" ? [.wait(gate)] : []) + Self.echo(request)
        } _: { bench async throws in
            for number in 0..<before { _ = try await bench.ask("Q\(number)") }
            let late = Task { try await bench.ask("Q7") }
            await gate.arrival()
            try await bench.chat.forget("user", in: bench.sessions)
            await gate.open()
            #expect(try await late.value == "A7")
            #expect(bench.store.entries == 0)
        }
    }

    @Test("stays erased where the user has come back meanwhile and asked something else")
    func comesBack() async throws {
        let gate = ChatGate()
        try await ChatBench.run { request in
            (request.question == "Q7" ? [.wait(gate)] : []) + Self.echo(request)
        } _: { bench async throws in
            let late = Task { try await bench.ask("Q7") }
            await gate.arrival()
            try await bench.chat.forget("user", in: bench.sessions)
            _ = try await bench.ask("Q1")
            await gate.open()
            #expect(try await late.value == "A7")
            _ = try await bench.ask("Q2")
            #expect(bench.server.requests[2].messages == Self.said(1, then: 2))
        }
    }

    @Test("is not missed where the store fails: the question is answered, and the log says so once a minute")
    func storeFails() async throws {
        try await ChatBench.run(rate: .standard) {
            Self.echo($0)
        } _: { bench async throws in
            _ = try await bench.ask("Q1")
            bench.store.setDown(true)
            for number in 2...4 { #expect(try await bench.ask("Q\(number)") == "A\(number)") }
            #expect(bench.server.requests[3].messages == Self.said(then: 4))
            #expect(bench.log.all.count == 1)
            #expect(bench.log.all[0].contains("the test's store is down"))
            bench.clock.advance(seconds: 60)
            _ = try await bench.ask("Q5")
            #expect(bench.log.all.count == 2)
            bench.store.setDown(false)
            _ = try await bench.ask("Q6")
            #expect(bench.server.requests[5].messages == Self.said(1, then: 6))
            await #expect(throws: Never.self) { try await bench.chat.forget("user", in: bench.sessions) }
        }
    }

    @Test(
        "is nothing where the store fails while the answer is made, without one, or where nothing is to be remembered")
    func nothing() async throws {
        let gate = ChatGate()
        try await ChatBench.run { request in
            (request.question == "Q1" ? [.wait(gate)] : []) + Self.echo(request)
        } _: { bench async throws in
            let one = Task { try await bench.ask("Q1") }
            await gate.arrival()
            bench.store.setDown(true)
            await gate.open()
            #expect(try await one.value == "A1")
            bench.store.setDown(false)
            _ = try await bench.ask("Q2", hasStore: false)
            _ = try await bench.ask("Q3")
            #expect(bench.server.requests[2].messages == Self.said(then: 3))
        }
        try await ChatBench.run(history: .none) {
            Self.echo($0)
        } _: { bench async throws in
            _ = try await bench.ask("Q1")
            _ = try await bench.ask("Q2")
            #expect(bench.server.requests[1].messages == Self.said(then: 2))
            #expect(bench.store.entries == 0)
        }
    }

    @Test("begins anew where the store has something that cannot be read")
    func unreadable() async throws {
        try await ChatBench.run {
            Self.echo($0)
        } _: { bench async throws in
            let key = StoreKey(Array("caccount\u{0}model\u{0}user".utf8))
            var extreme = ChatRecord()
            (extreme.periodStart, extreme.asked) = (.min, .max)
            extreme.turns = [ChatTurn(time: .min, message: 1, question: "no", answer: "no")]
            for bytes: [UInt8] in [
                [], [9], extreme.bytes, Array(repeating: 255, count: 40), [1] + Array(repeating: 255, count: 40),
            ] {
                _ = try await bench.store.commit(StoreTransaction(writes: [.init(key, bytes, lifetime: 60_000)]))
                _ = try await bench.ask("Q1")
                #expect(bench.server.requests.last?.messages == Self.said(then: 1))
            }
            _ = try await bench.ask("Q2")
            #expect(bench.server.requests.last?.messages == Self.said(1, then: 2))
        }
    }

    // MARK: How often a user may ask

    @Test("counts the questions of each user, and begins again after a period")
    func rate() async throws {
        try await ChatBench.run(rate: ChatRate(questions: 2, period: 600)) {
            Self.echo($0)
        } _: { bench async throws in
            _ = try await bench.ask("Q1")
            #expect(await bench.failure("Q2") == nil)
            #expect(try await bench.ask("Q3") == ChatSettings.defaultRateNotice)
            // A new beginning does not give back what was used up.
            _ = try await bench.ask("新对话")
            #expect(try await bench.ask("Q4") == ChatSettings.defaultRateNotice)
            #expect(try await bench.ask("Q5", from: "another") == "A5")
            bench.clock.advance(seconds: 599)
            #expect(try await bench.ask("Q6") == ChatSettings.defaultRateNotice)
            bench.clock.advance(seconds: 1)
            #expect(try await bench.ask("Q7") == "A7")
            bench.clock.advance(seconds: -3600)
            #expect(try await bench.ask("Q8") == "A8")
            #expect(bench.server.requests.count == 5)
        }
    }

    @Test("counts questions that are asked at once, and keeps no history for that")
    func rateAtOnce() async throws {
        try await ChatBench.run(history: .none, rate: ChatRate(questions: 3, period: 600)) {
            Self.echo($0)
        } _: { bench async throws in
            let answers = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<10 { group.addTask { try await bench.ask("Q\(number)") } }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(answers.count { $0 == ChatSettings.defaultRateNotice } == 7)
            #expect(bench.server.requests.count == 3)
            #expect(bench.server.requests.allSatisfy { $0.messages.count == 2 })
        }
    }
}
