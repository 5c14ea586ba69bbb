internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Why an exchange over HTTP came to no answer, in words that never hold an address or a body.
package enum ConnectionFailure: Sendable, Equatable {
    /// No answer came in time.
    case timeLimit
    /// No connection came about in time: nothing was sent.
    case connectTimeLimit
    /// All connections, this many, were in use until the time for it was over: nothing was sent.
    case noPlaceFree(Int)
    /// The exchange was cancelled.
    case cancelled
    /// The connections were shut down, as they are when a program ends.
    case stopping
    /// There is no connection, and why: nothing was sent.
    case notConnected(String)
    /// The connection was lost, and how: what was sent may have arrived.
    case broken(String)
    /// What came is not HTTP.
    case notHTTP
    /// Anything else, as an error of TLS: what was sent may have arrived.
    case other(String)

    /// What an error of the client says.
    package init(_ error: any Error) {
        switch error {
        case is TimeLimitExceeded: self = .timeLimit
        case let error as NoPlaceFree: self = .noPlaceFree(error.most)
        case is CancellationError: self = .cancelled
        case ChannelError.ioOnClosedChannel, is EventLoopError: self = .stopping
        case ChannelError.connectTimeout: self = .connectTimeLimit
        case let error as NIOConnectionError:
            self = .notConnected(error.connectionErrors.first.map { Self.reason($0.error) } ?? "its name was not found")
        case let error as IOError:
            self = error.errnoCode == ECONNREFUSED ? .notConnected(Self.reason(error)) : .broken(Self.reason(error))
        case is HTTPParserError: self = .notHTTP
        case let error as HTTPClientError:
            self =
                switch error {
                case .alreadyShutdown: .stopping
                case .cancelled: .cancelled
                case .deadlineExceeded, .readTimeout, .writeTimeout: .timeLimit
                case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout: .connectTimeLimit
                default: .broken(error.shortDescription.lowercased())
                }
        default:
            // A library's description may hold anything; the name of its type tells enough, such as NIOSSLError.
            self = .other("\(type(of: error))")
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "no connection (\(type(of: error)))" }
        return String(cString: strerror(error.errnoCode)).lowercased()
    }
}
