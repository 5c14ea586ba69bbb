internal import NIOCore
internal import NIOHTTP1

/// One connection of the API server: reads a call and does about it what is to be done, then the next.
final class APIConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (APIRequest) -> APIAnswer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ answer: @escaping @Sendable (APIRequest) -> APIAnswer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            let request = APIRequest(head, body: body)
            (self.head, body) = (nil, [])
            handle(request, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func handle(_ request: APIRequest, _ context: ChannelHandlerContext) {
        switch answer(request) {
        case .cut: context.close(promise: nil)
        case .stall:
            // Until the other side leaves: without an answer no other call is read.
            break
        case .endless:
            writeHead(200, [NamedValue("Content-Type", "application/json")], context)
            writeForEver(context)
        case .whole(let status, let headers, let body):
            writeHead(status, headers + [NamedValue("Content-Length", String(body.count))], context)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
            let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
            // Not before it is on its way: closing would drop the rest.
            if request.isLast { written.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
        }
    }

    private func writeHead(_ status: Int, _ headers: [NamedValue], _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status),
            headers: HTTPHeaders(headers.map { ($0.name, $0.value) }))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// Writes a body that has no end, as fast as the other side takes it, until it leaves.
    private func writeForEver(_ context: ChannelHandlerContext) {
        let piece = ByteBuffer(repeating: 0x20, count: 16 << 10)
        let loop = context.eventLoop.assumeIsolated()
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece)))).assumeIsolated().whenSuccess {
            // In a turn of its own: others are served in between.
            loop.execute { self.writeForEver(context) }
        }
    }
}

extension APIRequest {
    fileprivate init(_ head: HTTPRequestHead, body: [UInt8]) {
        let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: head.method.rawValue, path: String(target.first ?? ""),
            query: target.count > 1 ? Self.query(target[1]) : [],
            headers: head.headers.map { NamedValue($0.name, $0.value) }, body: body, isLast: !head.isKeepAlive)
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
