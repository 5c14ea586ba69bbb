internal import Foundation
internal import NIOConcurrencyHelpers
internal import NIOCore
package import NIOHTTP1
internal import NIOPosix

/// A small HTTP server, such as a chat endpoint, that answers as a test says, byte by byte if need be, and keeps what it
/// was asked.
package final class ScriptedHTTPServer: Sendable {
    package struct Request: Sendable {
        package var head: HTTPRequestHead
        package var body: [UInt8]

        package var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
        }
        /// What was said, each line as `role: content`.
        package var messages: [String] {
            (json["messages"] as? [[String: String]] ?? []).map { "\($0["role"] ?? ""): \($0["content"] ?? "")" }
        }
        package var question: String { messages.last.map { String($0.dropFirst("user: ".count)) } ?? "" }
    }

    package enum Step: Sendable {
        case head(Int, [String: String] = ["Content-Type": "text/event-stream"])
        case piece([UInt8])
        case pause(Duration)
        case wait(ChatGate)
        case end
        case hangUp
        case raw(String)
        /// Sends the same over and over, as fast as it is read.
        case pour(String)
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let log = NIOLockedValueBox<[Request]>([])
    private let opened = NIOLockedValueBox(0)
    private let tasks = NIOLockedValueBox<[Task<Void, Never>]>([])

    package var port: Int { channel.localAddress?.port ?? 0 }
    package var requests: [Request] { log.withLockedValue { $0 } }
    /// How many connections were made to it.
    package var connections: Int { opened.withLockedValue { $0 } }

    package init(_ answer: @escaping @Sendable (Request) -> [Step]) async throws {
        let (log, tasks, opened) = (log, tasks, opened)
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                opened.withLockedValue { $0 += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(
                        Handler { request, channel in
                            log.withLockedValue { $0.append(request) }
                            let steps = answer(request)
                            let task = Task { await Self.play(steps, on: channel) }
                            tasks.withLockedValue { $0.append(task) }
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    package func stop() async {
        for task in tasks.withLockedValue({ $0 }) { task.cancel() }
        try? await channel.close()
        try? await group.shutdownGracefully()
    }

    private static func play(_ steps: [Step], on channel: any Channel) async {
        func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }
        do {
            for step in steps {
                switch step {
                case .head(let status, let headers):
                    let lines = headers.map { "\($0): \($1)\r\n" }.joined()
                    try await send("HTTP/1.1 \(status) Something\r\n\(lines)Transfer-Encoding: chunked\r\n\r\n")
                case .piece(let bytes) where bytes.isEmpty: break
                case .piece(let bytes):
                    var buffer = ByteBuffer(string: "\(String(bytes.count, radix: 16))\r\n")
                    buffer.writeBytes(bytes)
                    buffer.writeString("\r\n")
                    try await channel.writeAndFlush(buffer)
                case .pause(let pause): try await Task.sleep(for: pause)
                case .wait(let gate): await gate.wait()
                case .end: try await send("0\r\n\r\n")
                case .hangUp: try await channel.close()
                case .raw(let text): try await send(text)
                case .pour(let text):
                    let bytes = String(repeating: text, count: max(16_384 / text.utf8.count, 1))
                    let piece = "\(String(bytes.utf8.count, radix: 16))\r\n\(bytes)\r\n"
                    while !Task.isCancelled { try await send(piece) }
                }
            }
        } catch {
            // The reader is gone.
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart

        private let handle: (Request, any Channel) -> Void
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ handle: @escaping (Request, any Channel) -> Void) { self.handle = handle }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let part): body += part.readableBytesView
            case .end: if let head { handle(Request(head: head, body: body), context.channel) }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

/// Keeps those who come waiting until it is opened.
package actor ChatGate {
    private var isOpen = false
    private var arrived = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var watchers: [(count: Int, CheckedContinuation<Void, Never>)] = []

    package init() {}

    package func wait() async {
        arrived += 1
        for watcher in watchers where watcher.count <= arrived { watcher.1.resume() }
        watchers.removeAll { $0.count <= arrived }
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    package func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// Waits until so many have come.
    package func arrival(of count: Int = 1) async {
        if arrived < count { await withCheckedContinuation { watchers.append((count, $0)) } }
    }
}

extension [ScriptedHTTPServer.Step] {
    /// A stream that says each of some words by itself.
    package static func stream(_ words: String..., finish: String? = "stop") -> Self {
        [.head(200)] + words.map { .piece([UInt8](ScriptedHTTPServer.event($0).utf8)) }
            + [.piece([UInt8]((ScriptedHTTPServer.event("", finish: finish) + "data: [DONE]\n\n").utf8)), .end]
    }

    package static func json(_ status: Int, _ text: String, headers: [String: String] = [:]) -> Self {
        [
            .head(status, headers.merging(["Content-Type": "application/json"]) { first, _ in first }),
            .piece([UInt8](text.utf8)), .end,
        ]
    }
}

extension ScriptedHTTPServer {
    /// A whole answer.
    package static func answer(_ text: String, _ type: String, status: Int = 200) -> [Step] {
        [.head(status, ["Content-Type": type]), .piece([UInt8](text.utf8)), .end]
    }

    /// A chat's whole answer, streamed word by word.
    package static func chat(_ words: [String]) -> [Step] {
        [.head(200)] + words.map { .piece([UInt8](event($0).utf8)) }
            + [.piece([UInt8]((event("", finish: "stop") + "data: [DONE]\n\n").utf8)), .end]
    }

    /// An event with a word.
    package static func event(_ word: String, finish: String? = nil) -> String {
        let data = try? JSONSerialization.data(withJSONObject: [word], options: [.withoutEscapingSlashes])
        let content = String(decoding: (data ?? Data()).dropFirst().dropLast(), as: UTF8.self)
        let reason = finish.map { "\"\($0)\"" } ?? "null"
        return """
            data: {"id":"1","choices":[{"index":0,"delta":{"content":\(content)},"finish_reason":\(reason)}]}\n\n
            """
    }
}
