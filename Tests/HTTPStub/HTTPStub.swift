internal import Glibc
internal import NIOConcurrencyHelpers
internal import NIOCore
package import NIOHTTP1
internal import NIOPosix

/// A small HTTP server that answers as a test says, and keeps what it was asked.
package final class HTTPStub: Sendable {
    package struct Request: Sendable {
        package var method: HTTPMethod
        package var path: String
        package var query: [String: String]
        package var headers: HTTPHeaders
        package var body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package enum Answer: Sendable {
        case json(String)
        case bytes([UInt8], headers: HTTPHeaders, status: HTTPResponseStatus = .ok)
        /// Says so many bytes more than it sends, then is silent.
        case stalledBody(type: String, [UInt8])
        case endlessBody(type: String)
        /// Says how many bytes come, and sends them as fast as they are read.
        case hugeBody(type: String, length: Int)
        /// Does not answer.
        case silence
        /// Closes the connection.
        case hangUp
        /// Resets the connection.
        case reset
        /// Sends bytes that are not HTTP.
        case raw(String)
        indirect case after(Duration, Answer)
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let log = NIOLockedValueBox<[Request]>([])

    package var port: Int { channel.localAddress?.port ?? 0 }
    package var requests: [Request] { log.withLockedValue { $0 } }
    package func requests(to path: String) -> [Request] { requests.filter { $0.path.hasSuffix(path) } }

    package init(_ answer: @escaping @Sendable (Request) -> Answer) async throws {
        let log = log
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { request in
                            log.withLockedValue { $0.append(request) }
                            return answer(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    package func stop() async {
        try? await channel.close()
        try? await group.shutdownGracefully()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: (Request) -> Answer
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ answer: @escaping (Request) -> Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let part): body += part.readableBytesView
            case .end:
                guard let head else { return }
                let parts = head.uri.split(separator: "?", maxSplits: 1)
                var query: [String: String] = [:]
                for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
                    let pair = pair.split(separator: "=", maxSplits: 1)
                    query[String(pair[0])] = pair.count > 1 ? String(pair[1]) : ""
                }
                let request = Request(
                    method: head.method, path: String(parts[0]), query: query, headers: head.headers, body: body)
                give(answer(request), context)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func give(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .json(let text):
                give(.bytes(Array(text.utf8), headers: ["Content-Type": "application/json; encoding=utf-8"]), context)
            case .bytes(let bytes, var headers, let status):
                headers.replaceOrAdd(name: "Content-Length", value: "\(bytes.count)")
                begin(context, status, headers)
                write(context, bytes)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .stalledBody(let type, let bytes):
                begin(context, .ok, ["Content-Type": type, "Content-Length": "\(bytes.count + 10)"])
                write(context, bytes)
            case .endlessBody(let type):
                begin(context, .ok, ["Content-Type": type, "Transfer-Encoding": "chunked"])
                pour(NIOLoopBound(context, eventLoop: context.eventLoop))
            case .hugeBody(let type, let length):
                begin(context, .ok, ["Content-Type": type, "Content-Length": "\(length)"])
                pour(NIOLoopBound(context, eventLoop: context.eventLoop))
            case .silence: break
            case .hangUp: context.close(promise: nil)
            case .reset:
                let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
                if let options = context.channel as? any SocketOptionProvider {
                    options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                        .whenComplete { _ in bound.value.close(promise: nil) }
                }
            case .raw(let text):
                let bytes = ByteBuffer(string: text)
                // Past the HTTP encoder, which stands at the head of the pipeline.
                if let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self) {
                    encoder.writeAndFlush(NIOAny(bytes), promise: nil)
                }
            case .after(let pause, let answer):
                let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                let (seconds, attoseconds) = pause.components
                context.eventLoop.scheduleTask(in: .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
                {
                    bound.value.0.give(answer, bound.value.1)
                }
            }
        }

        private func begin(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ headers: HTTPHeaders) {
            context.write(
                wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        }

        private func write(_ context: ChannelHandlerContext, _ bytes: [UInt8]) {
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        }

        /// Writes on and on, as fast as it is read, until the reader is gone.
        private func pour(_ context: NIOLoopBound<ChannelHandlerContext>) {
            let piece = ByteBuffer(repeating: UInt8(ascii: " "), count: 16_384)
            let bound = NIOLoopBound(self, eventLoop: context.value.eventLoop)
            context.value.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece)))).whenSuccess {
                bound.value.pour(context)
            }
        }
    }
}
