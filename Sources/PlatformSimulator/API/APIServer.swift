internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A call as it came over HTTP.
struct APIRequest: Sendable {
    let method: String
    let path: String
    let query: [NamedValue]
    let headers: [NamedValue]
    let body: [UInt8]
    /// Whether the client expects that the connection is closed behind the answer.
    let isLast: Bool
}

/// What to do about a call.
enum APIAnswer: Sendable {
    case whole(status: Int, headers: [NamedValue], body: [UInt8])
    case stall
    case cut
    case endless
}

/// An HTTP server on the loopback address, on a port that the system chooses.
struct APIServer: Sendable {
    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    let port: Int
    private let task: Task<Void, Never>

    /// Starts to serve.
    /// - Parameter answer: Says what to do about a call; called on any thread.
    static func start(_ answer: @escaping @Sendable (APIRequest) -> APIAnswer) async throws -> APIServer {
        let listener: NIOAsyncChannel<Connection, Never> = try await ServerBootstrap(
            group: .singletonMultiThreadedEventLoopGroup
        )
        .bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                return try Connection(wrappingChannelSynchronously: channel)
            }
        }
        let task = Task {
            _ = try? await listener.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask { try? await serve(connection, answer) }
                    }
                }
            }
        }
        return APIServer(port: listener.channel.localAddress?.port ?? 0, task: task)
    }

    /// Closes the listener and all connections.
    func cancel() { task.cancel() }

    /// Waits until all is closed.
    func ended() async { await task.value }

    private static func serve(
        _ connection: Connection, _ answer: @Sendable (APIRequest) -> APIAnswer
    ) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var parts = inbound.makeAsyncIterator()
            while let request = try await nextRequest(&parts) {
                switch answer(request) {
                case .cut: return
                case .stall:
                    // Until the other side leaves.
                    while try await parts.next() != nil {}
                    return
                case .endless:
                    try await outbound.write(.head(head(200, [NamedValue("Content-Type", "application/json")])))
                    let piece = ByteBuffer(repeating: 0x20, count: 16 << 10)
                    while true { try await outbound.write(.body(.byteBuffer(piece))) }
                case .whole(let status, let headers, let body):
                    let length = NamedValue("Content-Length", String(body.count))
                    let content = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: body)))
                    // By the channel itself, which says when all of it is on its way: closing would drop the rest.
                    let channel = connection.channel
                    channel.write(HTTPServerResponsePart.head(head(status, headers + [length])), promise: nil)
                    channel.write(content, promise: nil)
                    try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
                    if request.isLast { return }
                }
            }
        }
    }

    private static func head(_ status: Int, _ headers: [NamedValue]) -> HTTPResponseHead {
        HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status),
            headers: HTTPHeaders(headers.map { ($0.name, $0.value) }))
    }

    private static func nextRequest(
        _ parts: inout NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
    ) async throws -> APIRequest? {
        guard case .head(let head)? = try await parts.next() else { return nil }
        var body: [UInt8] = []
        while let part = try await parts.next() {
            switch part {
            case .head: return nil
            case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
            case .end:
                let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
                return APIRequest(
                    method: head.method.rawValue, path: String(target.first ?? ""),
                    query: target.count > 1 ? query(target[1]) : [],
                    headers: head.headers.map { NamedValue($0.name, $0.value) }, body: body,
                    isLast: !head.isKeepAlive)
            }
        }
        return nil
    }

    private static func query(_ text: Substring) -> [NamedValue] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return NamedValue(unescaped(parts[0]), parts.count > 1 ? unescaped(parts[1]) : "")
        }
    }

    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
