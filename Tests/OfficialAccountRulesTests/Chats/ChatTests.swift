import HTTPStub
import NIOConcurrencyHelpers
import NIOHTTP1
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("A chat", .timeLimit(.minutes(5)))
struct ChatTests {
    @Test("asks as OpenAI's interface says, and answers with the words of the stream")
    func asks() async throws {
        try await ChatBench.run(
            parameters: ["max_tokens": .integer(100), "temperature": .number(0.5), "user": .text("u")]
        ) { _ in
            .stream("你好", "，\"世界\"", "\n再见")
        } _: { bench async throws in
            #expect(try await bench.ask("在吗？\"\\") == "你好，\"世界\"\n再见")
            let request = try #require(bench.server.requests.first)
            #expect(request.head.method == .POST)
            #expect(request.head.uri == "/v1/chat/completions")
            #expect(request.head.headers["authorization"] == ["Bearer \(ChatBench.key)"])
            #expect(request.head.headers["content-type"] == ["application/json"])
            #expect(request.messages == ["system: 你是助手", "user: 在吗？\"\\"])
            #expect(request.json["model"] as? String == "m-1")
            #expect(request.json["stream"] as? Bool == true)
            #expect(request.json["max_tokens"] as? Int == 100)
            #expect(request.json["temperature"] as? Double == 0.5)
            #expect(request.json["user"] as? String == "u")
        }
    }

    @Test("reads a stream that is cut anywhere, inside characters and lines too", arguments: [1, 2, 5, 11])
    func pieces(size: Int) async throws {
        let text =
            ": keep-alive\r\n\r\n" + ScriptedHTTPServer.event("你好🌏") + ScriptedHTTPServer.event("。")
            + "data: [DONE]\r\n"
        let bytes = Array(text.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map {
            ScriptedHTTPServer.Step.piece(Array(bytes[$0..<min($0 + size, bytes.count)]))
        }
        try await ChatBench.run(timeouts: ChatBench.quick(whole: 300)) { _ in
            [.head(200), .pause(.milliseconds(20))]
                + pieces.flatMap { size < 5 ? [$0] : [$0, .pause(.milliseconds(1))] } + [.end]
        } _: { bench async throws in
            #expect(try await bench.ask("a") == "你好🌏。")
        }
    }

    @Test("uses a connection again")
    func keepsConnections() async throws {
        try await ChatBench.run { _ in
            .stream("好。")
        } _: { bench async throws in
            for number in 0..<5 {
                #expect(try await bench.ask("\(number)") == "好。")
                // What is behind the answer is read while nobody waits for it.
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(bench.server.connections < 5)
        }
    }

    @Test("takes the words of texts, recordings and links, and leaves the rest to other rules")
    func messages() async throws {
        try await ChatBench.run(history: .none) {
            .stream("答：", $0.question)
        } _: { bench async throws in
            func answer(_ type: String, _ elements: String) async throws -> String? {
                try await bench.answer(ChatBench.message(type, elements))
            }
            #expect(try await answer("text", "<Content>问</Content><MsgId>1</MsgId>") == "答：问")
            #expect(try await answer("text", "<Content> \n　</Content><MsgId>1</MsgId>") == nil)
            let voice = "<MediaId>m</MediaId><Format>amr</Format><MsgId>2</MsgId>"
            #expect(try await answer("voice", voice + "<Recognition>今天天气。</Recognition>") == "答：今天天气。")
            #expect(try await answer("voice", voice + "<Recognition></Recognition>") == nil)
            #expect(try await answer("voice", voice) == nil)
            #expect(
                try await answer(
                    "link", "<Title>题</Title><Description>述</Description><Url>https://a.cn</Url><MsgId>3</MsgId>")
                    == "答：题\n述\nhttps://a.cn")
            #expect(try await answer("image", "<PicUrl>u</PicUrl><MediaId>m</MediaId><MsgId>4</MsgId>") == nil)
            #expect(try await answer("event", "<Event>CLICK</Event><EventKey>k</EventKey>") == nil)
            #expect(bench.server.requests.count == 3)
        }
    }

    @Test("asks no more than a bounded question")
    func longQuestion() async throws {
        try await ChatBench.run(history: .none) { _ in
            .stream("好。")
        } _: { bench async throws in
            _ = try await bench.ask(String(repeating: "问", count: 10_000))
            #expect(bench.server.requests[0].question.count == Chat.longestQuestion)
        }
    }

    @Test("takes the marks of Markdown out unless told otherwise", arguments: [true, false])
    func markdown(isPlain: Bool) async throws {
        try await ChatBench.run(isPlain: isPlain) { _ in
            .stream("**重", "点**。")
        } _: { bench async throws in
            #expect(try await bench.ask("a") == (isPlain ? "重点。" : "**重点**。"))
            // The model gets back what it said.
            _ = try await bench.ask("b")
            #expect(bench.server.requests[1].messages.contains("assistant: **重点**。"))
        }
    }

    // MARK: Answers that do not end well

    @Test("answers with what has come where the rest stalls, and says so in the log")
    func stallsInTheMiddle() async throws {
        try await ChatBench.run(timeouts: ChatBench.quick(silence: 5)) { _ in
            [.head(200), .piece(Array(ScriptedHTTPServer.event("第一句。第二句。第三").utf8)), .pause(.seconds(60))]
        } _: { bench async throws in
            #expect(try await bench.ask("a") == "第一句。第二句。…")
            #expect(bench.log.all.count == 1)
            #expect(bench.log.all[0].contains("fell silent"))
        }
    }

    @Test("answers with what has come where the connection is lost")
    func hangsUp() async throws {
        try await ChatBench.run { _ in
            [
                .head(200), .piece(Array(ScriptedHTTPServer.event("第一句。第二句。第三").utf8)), .pause(.milliseconds(50)),
                .hangUp,
            ]
        } _: { bench async throws in
            #expect(try await bench.ask("a") == "第一句。第二句。…")
            #expect(bench.server.requests.count == 1)
        }
    }

    @Test("answers with what has come where the stream ends without an end, or with an error")
    func noEnd() async throws {
        try await ChatBench.run(history: .none) { request in
            let words = ScriptedHTTPServer.event("第一句。第二句。第三")
            let error = #"data: {"error":{"code":"overloaded","message":"x"}}"# + "\n\n"
            return [.head(200), .piece(Array((words + (request.question == "error" ? error : "")).utf8)), .end]
        } _: { bench async throws in
            #expect(try await bench.ask("a") == "第一句。第二句。…")
            #expect(try await bench.ask("error") == "第一句。第二句。…")
        }
    }

    @Test("answers with what has come of a stream that never ends")
    func neverEnds() async throws {
        try await ChatBench.run(timeouts: ChatBench.quick(whole: 15)) { _ in
            [.head(200)]
                + (0..<1000).flatMap {
                    [.piece(Array(ScriptedHTTPServer.event("第\($0)句。还").utf8)), .pause(.milliseconds(20))]
                }
        } _: { bench async throws in
            let answer = try #require(try await bench.ask("a"))
            #expect(answer.hasPrefix("第0句。"))
            #expect(answer.hasSuffix("。…"))
        }
    }

    @Test("ends an answer at its limit and reads no further")
    func tooLong() async throws {
        try await ChatBench.run(answerLimit: 1000) { _ in
            [.head(200), .pour(ScriptedHTTPServer.event("一句话。"))]
        } _: { bench async throws in
            let answer = try #require(try await bench.ask("a"))
            #expect(answer.utf8.count <= 1003)
            #expect(answer.hasSuffix("一句话。…"))
        }
    }

    @Test("ends an answer at its last sentence where the model has no more room")
    func length() async throws {
        try await ChatBench.run { _ in
            .stream("第一句。第二句。第三", finish: "length")
        } _: { bench async throws in
            #expect(try await bench.ask("a") == "第一句。第二句。…")
        }
    }

    @Test(
        "gives up on a stream without words",
        arguments: [
            ("x", ChatError.Reason.unreadable), (": keep-alive\n\n", .unreadable), (" ", .unreadable),
            ("{ ", .unreadable),
            ("data: x\n", .unreadable),
            (
                #"data: {"choices":[{"delta":{"reasoning_content":"\#(String(repeating: "x", count: 4000))"}}]}"#
                    + "\n\n", .unreadable
            ),
        ])
    func pours(text: String, reason: ChatError.Reason) async throws {
        // A line of a gigabyte, and the like: what is read is bounded, so that this ends long before any time is over.
        try await ChatBench.run { _ in
            [.head(200), .pour(text)]
        } _: { bench async throws in
            #expect(await bench.failure()?.reason == reason)
            #expect(bench.server.requests.count == 1)
        }
    }

    @Test("gives up on an endpoint that accepts and says nothing, or nothing more")
    func stalls() async throws {
        try await ChatBench.run(timeouts: ChatBench.quick(firstByte: 5, silence: 2)) { request in
            request.question == "head" ? [.head(200), .pause(.seconds(60))] : [.pause(.seconds(60))]
        } _: { bench async throws in
            let silent = await bench.failure()
            #expect(silent?.reason == .late)
            #expect(silent?.description.contains("did not begin to answer") == true)
            let stalled = await bench.failure("head")
            #expect(stalled?.reason == .late)
            #expect(stalled?.description.contains("fell silent") == true)
        }
    }

    @Test("ends with its task")
    func cancelled() async throws {
        let gate = ChatGate()
        try await ChatBench.run { _ in
            [.wait(gate)]
        } _: { bench async throws in
            let task = Task { try await bench.ask("a") }
            await gate.arrival()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await gate.open()
        }
    }

    @Test("reads an endpoint that does not stream")
    func notStreaming() async throws {
        try await ChatBench.run { _ in
            .json(200, #"{"choices":[{"message":{"content":"整句。"},"finish_reason":"stop"}]}"#)
        } _: { bench async throws in
            #expect(try await bench.ask("a") == "整句。")
        }
    }

    // MARK: Refusals

    @Test(
        "says what to do where it is refused, and repeats nothing of what was said",
        arguments: [
            (
                401, #"{"error":{"message":"Incorrect key sk-SECRETSECRETSECRET","code":"invalid_api_key"}}"#, .key,
                "invalid_api_key", 1
            ),
            (403, "", .key, "403", 1),
            (402, #"{"error":{"message":"Insufficient Balance","type":"unknown_error"}}"#, .quota, "top it up", 1),
            (429, #"{"error":{"code":"insufficient_quota"}}"#, .quota, "insufficient_quota", 1),
            (429, #"{"error":{"code":"rate_limit_exceeded"}}"#, .rate, "rate_limit_exceeded", 2),
            (404, #"{"error":{"code":"model_not_found"}}"#, .notFound, "model_not_found", 1),
            (405, "<html>", .notFound, "405", 1),
            (301, "", .notFound, "redirections", 1),
            (400, #"{"error":{"code":"context_length_exceeded","message":"机密问题"}}"#, .refused, "history_characters", 1),
            (422, "机密问题", .refused, "422", 1),
            // A name made of what was asked, or of the key.
            (400, #"{"error":{"code":"sk-SECRETSECRETSECRET","type":"WORD"}}"#, .refused, "HTTP status 400:", 1),
            (500, "", .unavailable, "500", 2),
            (503, "<html>机密问题</html>", .unavailable, "503", 2),
            (201, "{}", .unreadable, "201", 1),
            (200, "<!DOCTYPE html><p>机密问题", .unreadable, "is a page", 1),
            (200, "机密问题", .unreadable, "neither JSON", 1),
            (200, #"{"error":{"code":"sk-SECRETSECRETSECRET"}}"#, .unavailable, "an error:", 2),
            (200, #"{"choices":[{"message":{"content":" "},"finish_reason":"stop"}]}"#, .empty, "without words", 1),
            (
                200, #"{"choices":[{"message":{"content":"机密"},"finish_reason":"content_filter"}]}"#, .filtered, "held",
                1
            ),
            (200, #"{"choices":[{"message":{"content":""},"finish_reason":"length"}]}"#, .empty, "max_tokens", 1),
        ] as [(Int, String, ChatError.Reason, String, Int)])
    func refusals(
        status: Int, body: String, reason: ChatError.Reason, part: String, attempts: Int
    ) async throws {
        try await ChatBench.run { _ in
            .json(status, body, headers: ["Location": "http://127.0.0.1:1/elsewhere"])
        } _: { bench async throws in
            let error = try #require(await bench.failure("机密问题 WORD"))
            #expect(error.reason == reason)
            #expect(error.description.contains(part), "\(error)")
            #expect(error.description.hasPrefix("chat model: ") && error.description.contains("127.0.0.1:"))
            for secret in ["SECRET", "机密", "WORD", "system", "你是助手"] {
                #expect(!error.description.contains(secret))
                #expect(!bench.log.all.contains { $0.contains(secret) })
            }
            #expect(bench.server.requests.count == attempts)
        }
    }

    @Test("tries once more where that may help", arguments: [429, 500, 502, 503])
    func again(status: Int) async throws {
        let failed = ChatCounter()
        try await ChatBench.run { _ in
            failed.next() == 1 ? .json(status, "{}", headers: ["Retry-After": "1"]) : .stream("好。")
        } _: { bench async throws in
            #expect(try await bench.ask("a") == "好。")
        }
    }

    @Test("tries once more where the connection is closed before an answer")
    func closed() async throws {
        let failed = ChatCounter()
        try await ChatBench.run { _ in
            failed.next() == 1 ? [.hangUp] : .stream("好。")
        } _: { bench async throws in
            #expect(try await bench.ask("a") == "好。")
        }
    }

    @Test("does not wait longer than there is time")
    func retryAfter() async throws {
        try await ChatBench.run { _ in
            .json(429, "{}", headers: ["Retry-After": "3000"])
        } _: { bench async throws in
            let error = await bench.failure()
            #expect(error?.reason == .rate)
            #expect(error?.description.contains("3000 s") == true)
            #expect(bench.server.requests.count == 1)
        }
    }

    @Test("says that nobody listens, that a name is unknown, and that TLS fails")
    func unreachable() async throws {
        func failure(_ endpoint: String) async throws -> ChatError? {
            let connections = ChatConnections()
            let settings = try ChatSettings(
                name: "model", endpoint: ChatEndpoint(parsing: endpoint), model: "m", timeouts: ChatBench.quick())
            let chat = Chat(settings, connections: connections)
            var failure: ChatError?
            do { _ = try await chat.answer(ChatBench.text("a", id: 1), Context(account: "a")) } catch {
                failure = error as? ChatError
            }
            await connections.shutdown()
            return failure
        }
        let refused = try await failure("http://127.0.0.1:1/v1")
        #expect(refused?.reason == .unreachable)
        #expect(refused?.description.contains("refused") == true)
        let unknown = try await failure("http://name.invalid/v1")
        #expect(unknown?.reason == .unreachable)
        try await ChatBench.run { _ in
            []
        } _: { bench async throws in
            let port = bench.server.port
            #expect(try await failure("https://127.0.0.1:\(port)/v1")?.reason == .unreachable)
        }
    }

    @Test("says that an answer is not HTTP")
    func notHTTP() async throws {
        try await ChatBench.run { _ in
            [.raw("220 mail.example.com ESMTP\r\n")]
        } _: { bench async throws in
            #expect(await bench.failure()?.reason == .unreadable)
        }
    }

    @Test("fails when its connections are shut down, and does not hang")
    func shutdown() async throws {
        let gate = ChatGate()
        try await ChatBench.run { _ in
            [.head(200), .wait(gate)]
        } _: { bench async throws in
            let task = Task { await bench.failure() }
            await gate.arrival()
            await bench.connections.shutdown()
            #expect(await task.value?.reason == .unreachable)
            #expect(await bench.failure()?.description.contains("stopping") == true)
            await gate.open()
        }
    }
}

/// Counts who asks.
final class ChatCounter: Sendable {
    private let count = NIOLockedValueBox(0)
    func next() -> Int {
        count.withLockedValue {
            $0 += 1
            return $0
        }
    }
}
