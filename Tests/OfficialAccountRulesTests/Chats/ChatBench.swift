import HTTPStub
import Logging
import NIOConcurrencyHelpers
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

/// A chat with a server that plays its endpoint, a store, a clock and a log.
struct ChatBench: Sendable {
    static let key = "sk-SECRETSECRETSECRET"

    let server: ScriptedHTTPServer
    let store = ChatTestStore()
    let log = ChatLog()
    let clock = ChatClock()
    let connections = ChatConnections()
    let chat: Chat

    /// Short times, so that a test need not wait; none of them is near what a busy machine takes.
    static func quick(firstByte: Double = 30, silence: Double = 30, whole: Double = 60) throws -> ChatTimeouts {
        try ChatTimeouts(firstByte: firstByte, silence: silence, whole: whole)
    }

    /// Runs a test against a server.
    static func run(
        history: ChatBounds = .standard, rate: ChatRate? = nil, timeouts: ChatTimeouts = .standard,
        answerLimit: Int = 16 << 10, system: String? = "你是助手", parameters: [String: ChatParameter] = [:],
        isPlain: Bool = true, path: String = "/v1/chat/completions",
        _ answer: @escaping @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step],
        _ test: (ChatBench) async throws -> Void
    ) async throws {
        let server = try await ScriptedHTTPServer(answer)
        let settings = try ChatSettings(
            name: "model", endpoint: ChatEndpoint(parsing: "http://127.0.0.1:\(server.port)\(path)"), model: "m-1",
            key: ChatKey(parsing: key), system: system, parameters: parameters, history: history, rate: rate,
            answerLimit: answerLimit, timeouts: timeouts, isPlain: isPlain)
        let bench = ChatBench(server, settings)
        do { try await test(bench) } catch {
            await bench.stop()
            throw error
        }
        await bench.stop()
    }

    private init(_ server: ScriptedHTTPServer, _ settings: ChatSettings) {
        self.server = server
        let clock = clock
        chat = Chat(settings, transport: connections) { clock.now }
    }

    private func stop() async {
        await connections.shutdown()
        await server.stop()
    }

    var sessions: Sessions { Sessions(store: store, account: "account") }

    func context(attempt: Int = 1, hasStore: Bool = true) -> Context {
        Context(account: "account", attempt: attempt, sessions: hasStore ? sessions : nil, logger: log.logger)
    }

    /// What a user is answered to a text.
    func ask(
        _ text: String, id: Int = 0, from user: String = "user", attempt: Int = 1, hasStore: Bool = true
    ) async throws -> String? {
        let message = try Self.text(text, id: id == 0 ? clock.nextID() : id, from: user)
        return try await answer(message, attempt: attempt, hasStore: hasStore)
    }

    func answer(_ message: Message, attempt: Int = 1, hasStore: Bool = true) async throws -> String? {
        guard let reply = try await chat.answer(message, context(attempt: attempt, hasStore: hasStore)) else {
            return nil
        }
        guard case .text(let text) = reply.content else { return "\(reply)" }
        return text
    }

    /// The error that a question ends with.
    func failure(_ text: String = "问题") async -> ChatError? {
        do {
            _ = try await ask(text)
            return nil
        } catch { return error as? ChatError }
    }

    static func text(_ text: String, id: Int, from user: String = "user") throws -> Message {
        try message("text", "<Content><![CDATA[\(text)]]></Content><MsgId>\(id)</MsgId>", from: user)
    }

    static func message(_ type: String, _ elements: String, from user: String = "user") throws -> Message {
        try Message(
            parsing: Array(
                """
                <xml><ToUserName>gh</ToUserName><FromUserName>\(user)</FromUserName><CreateTime>1348831860</CreateTime>\
                <MsgType>\(type)</MsgType>\(elements)</xml>
                """.utf8))
    }
}

/// A clock that stands still.
final class ChatClock: Sendable {
    private let state = NIOLockedValueBox((now: Int64(1_700_000_000_000), id: 1))
    var now: Int64 { state.withLockedValue { $0.now } }
    func advance(seconds: Int64) { state.withLockedValue { $0.now += seconds * 1000 } }
    func nextID() -> Int {
        state.withLockedValue {
            $0.id += 1
            return $0.id
        }
    }
}

/// A store that can be down.
final class ChatTestStore: Store {
    private let store = MemoryStore()
    private let isDown = NIOLockedValueBox(false)

    var isShared: Bool { false }
    var entries: Int { store.usage.entries }
    func setDown(_ value: Bool) { isDown.withLockedValue { $0 = value } }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> StoreOutcome {
        if isDown.withLockedValue({ $0 }) { throw StoreError("the test's store is down") }
        return try await store.commit(transaction)
    }
}

/// Keeps the log lines of a test.
final class ChatLog: Sendable {
    private let lines = NIOLockedValueBox<[String]>([])
    var all: [String] { lines.withLockedValue { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: lines) } }

    private struct Handler: LogHandler {
        let lines: NIOLockedValueBox<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            let line = "\(event.level): \(event.message) \(event.metadata ?? [:])"
            lines.withLockedValue { $0.append(line) }
        }
    }
}
