internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The connections to chat endpoints, shared by all chats of a process.
///
/// The first question makes them, with a thread of their own. A process that asks nothing has neither.
public actor ChatConnections {
    private enum State {
        case unused
        case inUse(HTTPClient, MultiThreadedEventLoopGroup)
        case shutDown
    }

    /// Those of this process.
    public static let shared = ChatConnections()

    private var state = State.unused

    /// Prepares connections; none is made yet.
    public init() {}

    deinit {
        guard case .inUse(let client, let group) = state else { return }
        client.shutdown { _ in group.shutdownGracefully { _ in } }
    }

    /// Closes all connections and ends their thread. Questions that are under way fail, and so do later ones.
    public func shutdown() async {
        let old = state
        state = .shutDown
        guard case .inUse(let client, let group) = old else { return }
        // Both fail only where they had been shut down before.
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }

    /// The client, or `nil` after the shutdown.
    var client: HTTPClient? {
        switch state {
        case .inUse(let client, _): return client
        case .shutDown: return nil
        case .unused:
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: Self.configuration)
            state = .inUse(client, group)
            return client
        }
    }

    private static var configuration: HTTPClient.Configuration {
        // A redirection would carry the key elsewhere.
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.httpVersion = .http1Only
        // Whether to try again is decided question by question.
        configuration.connectionPool.retryConnectionEstablishment = false
        // An answer holds its connection for as long as the model speaks.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        // Well below the time after which servers close a silent connection: a question sent into that would be lost.
        configuration.connectionPool.idleTimeout = .seconds(15)
        // A tracer would be handed the address, which may hold what others need not see.
        configuration.tracing.tracer = nil
        return configuration
    }
}

extension ChatConnections: ChatTransport {
    func post(
        to endpoint: ChatEndpoint, headers: [(name: String, value: String)], body: [UInt8], within limit: Duration
    ) async throws -> ChatResponse {
        guard let client else { throw ChatFailure.unreachable(endpoint, "the program is stopping", .pointless) }
        var request = HTTPClientRequest(url: endpoint.url)
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            // A little more: the limit that counts is kept by who calls.
            let response = try await client.execute(request, timeout: .seconds(limit.components.seconds + 2))
            return ChatResponse(
                status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after"),
                body: Body(response.body, endpoint))
        } catch { throw Self.failure(error, endpoint) }
    }

    private actor Body: ChatResponseBody {
        private var iterator: HTTPClientResponse.Body.AsyncIterator?
        private let endpoint: ChatEndpoint

        init(_ body: HTTPClientResponse.Body, _ endpoint: ChatEndpoint) {
            iterator = body.makeAsyncIterator()
            self.endpoint = endpoint
        }

        func next() async throws -> ByteBuffer? {
            guard var iterator else { return nil }
            // It is put back only where there may be more to read.
            self.iterator = nil
            do {
                guard let piece = try await iterator.next(isolation: self) else { return nil }
                self.iterator = iterator
                return piece
            } catch { throw ChatConnections.failure(error, endpoint) }
        }
    }

    /// What the connection's error says.
    private static func failure(_ error: any Error, _ endpoint: ChatEndpoint) -> any Error {
        let network = ChatFailure.network
        func unreachable(_ why: String, _ repetition: ChatFailure.Repetition = .after(nil)) -> ChatFailure {
            .unreachable(endpoint, why, repetition)
        }
        switch error {
        case is CancellationError: return error
        case ChannelError.ioOnClosedChannel, is EventLoopError:
            return unreachable("the program is stopping", .pointless)
        case ChannelError.connectTimeout: return unreachable("no connection in time; \(network)", .pointless)
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first else {
                return unreachable("its name was not found; \(network)", .pointless)
            }
            return unreachable("\(reason(first.error)); \(network)")
        case let error as IOError: return unreachable("\(reason(error)); \(network)")
        case is HTTPParserError: return ChatFailure.unreadable(endpoint, "is not HTTP")
        case let error as HTTPClientError:
            switch error {
            case .alreadyShutdown: return unreachable("the program is stopping", .pointless)
            case .cancelled where Task.isCancelled: return CancellationError()
            // The shutdown ends what is under way.
            case .cancelled: return unreachable("the program is stopping", .pointless)
            case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout, .deadlineExceeded:
                return unreachable("no connection in time; \(network)", .pointless)
            default: return unreachable("\(error.shortDescription.lowercased()); \(network)")
            }
        default:
            // A library's description may hold anything; the name of its type tells enough, such as NIOSSLError.
            return unreachable(
                "\(type(of: error)); \(network), and for TLS the clock and the certificates of this machine", .pointless
            )
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "no connection (\(type(of: error)))" }
        return String(cString: strerror(error.errnoCode)).lowercased()
    }
}
