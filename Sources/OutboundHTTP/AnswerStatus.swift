package import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

extension HTTPClient.Configuration {
    /// Has an answer whose status no HTTP has (RFC 9110, section 15) fail its exchange, as anything does that is not HTTP.
    ///
    /// The client takes each status below 200 for an interim answer, and ends the process where a body follows one.
    package mutating func refuseUnknownStatus() {
        http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
                try pipeline.addHandler(StatusGuard(), position: .after(decoder))
            }
        }
    }
}

/// Stands between the decoder and the client, on the connection's event loop.
private final class StatusGuard: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private var hasRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), !(100...999).contains(head.status.code) {
            hasRefused = true
            context.fireErrorCaught(HTTPParserError.invalidStatus)
            context.close(promise: nil)
        }
        // What follows belongs to no answer.
        guard !hasRefused else { return }
        context.fireChannelRead(data)
    }
}
