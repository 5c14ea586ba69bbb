public import FastCGI
internal import NIOCore
internal import NIOPosix

/// A FastCGI server, reached without a web server in between.
public struct FastCGITarget: CallbackTarget {
    /// Where the server listens.
    public let address: ListenAddress
    /// The path of the account's URL.
    public let path: String
    /// What a web server's configuration would add, such as `WECHAT_TOKEN`.
    public let variables: [String: String]

    /// Creates a target.
    /// - Parameters:
    ///   - address: Where the server listens.
    ///   - path: The path of the account's URL.
    ///   - variables: What a web server's configuration would add, such as `WECHAT_TOKEN`.
    public init(_ address: ListenAddress, path: String = "/wechat", variables: [String: String] = [:]) {
        self.address = address
        self.path = path
        self.variables = variables
    }

    /// Sends one request on a connection of its own and waits for the whole answer.
    public func exchange(
        _ request: CallbackRequest, patience: Duration
    ) async throws(DeliveryFault) -> CallbackAnswer {
        let parameters = GatewayVariables.make(for: request, path: path, others: variables)
        let bytes = RequestEncoder.encode(parameters: parameters, body: request.body)
        return try await within(patience) { progress throws(DeliveryFault) in
            let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
            do { channel = try await connect(patience: patience) } catch {
                throw .noConnection(to: address, error)
            }
            do {
                let output = try await channel.executeThenClose { inbound, outbound in
                    try await outbound.write(ByteBuffer(bytes: bytes))
                    return try await Self.output(from: inbound, progress: progress)
                }
                return try CallbackAnswer(output: output)
            } catch let fault as DeliveryFault {
                throw fault
            } catch is AnswerError {
                throw .notHTTP
            } catch {
                throw .cutShort
            }
        }
    }

    private static func output(
        from inbound: NIOAsyncChannelInboundStream<ByteBuffer>, progress: Progress
    ) async throws -> [UInt8] {
        var decoder = AnswerDecoder()
        for try await buffer in inbound {
            try decoder.append(buffer.readableBytesView)
            if decoder.isComplete { return decoder.output }
            guard decoder.output.count <= answerLimit else { throw DeliveryFault.tooLarge(limit: answerLimit) }
            let count = decoder.output.count
            if count > 0 { progress.withLock { $0 = count } }
        }
        throw DeliveryFault.cutShort
    }

    private func connect(patience: Duration) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(TimeAmount(patience))
        return switch address {
        case .unix(let path):
            try await bootstrap.connect(unixDomainSocketPath: path) { $0.wrapped() }
        case .tcp(let host, let port):
            try await bootstrap.connect(host: host, port: Int(port)) { $0.wrapped() }
        }
    }
}

extension Channel {
    /// The channel as two asynchronous streams of bytes.
    func wrapped() -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> {
        eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: self) }
    }
}
