internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import OutboundHTTP

/// The connections to chat endpoints, shared by all chats of a process.
///
/// The first question makes them, with a thread of their own. A process that asks nothing has neither.
public final class ChatConnections: Sendable {
    /// Those of this process.
    public static let shared = ChatConnections()

    /// An answer holds its connection for as long as the model speaks.
    private let connections = HTTPConnections(connectTimeout: .seconds(5), mostPerHost: 256)

    /// Prepares connections; none is made yet.
    public init() {}

    /// Closes all connections and ends their thread. Questions that are under way fail, and so do later ones.
    public func shutdown() async { await connections.shutdown() }
}

extension ChatConnections: ChatTransport {
    func post(
        to endpoint: ChatEndpoint, headers: [(name: String, value: String)], body: [UInt8], within limit: Duration
    ) async throws -> ChatResponse {
        guard let client = connections.client else {
            throw ChatFailure.unreachable(endpoint, "the program is stopping", .pointless)
        }
        var request = HTTPClientRequest(url: endpoint.url)
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let place = try await connections.place(at: endpoint.description, until: .now + limit)
            // A little more: the limit that counts is kept by who calls.
            let response = try await client.execute(request, timeout: .seconds(limit.components.seconds + 2))
            return ChatResponse(
                status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after"),
                body: Body(response.body, endpoint, holding: place))
        } catch { throw Self.failure(error, endpoint) }
    }

    private actor Body: ChatResponseBody {
        private var iterator: HTTPClientResponse.Body.AsyncIterator?
        private let endpoint: ChatEndpoint
        private let place: HTTPPlace

        init(_ body: HTTPClientResponse.Body, _ endpoint: ChatEndpoint, holding place: HTTPPlace) {
            iterator = body.makeAsyncIterator()
            self.endpoint = endpoint
            self.place = place
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
        case let error as NoPlaceFree:
            return unreachable("it is busy with \(error.most) other questions; make it faster", .pointless)
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
