internal import AsyncHTTPClient
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix

/// The connections to the platform, shared by all accounts of a process.
///
/// The first call makes them, with a thread of their own. A process that makes no call has neither.
public final class PlatformConnections: Sendable {
    private enum State {
        case unused
        case inUse(HTTPClient, MultiThreadedEventLoopGroup)
        case shutDown
    }

    /// How long calls may take.
    public let timeouts: PlatformTimeouts
    private let state = NIOLockedValueBox(State.unused)

    /// Prepares connections; none is made yet.
    /// - Parameter timeouts: How long calls may take.
    public init(timeouts: PlatformTimeouts = PlatformTimeouts()) { self.timeouts = timeouts }

    deinit {
        guard let (client, group) = close() else { return }
        client.shutdown { _ in group.shutdownGracefully { _ in } }
    }

    /// Closes all connections and ends their thread. Calls that are under way fail, and so do later ones.
    public func shutdown() async {
        guard let (client, group) = close() else { return }
        // Both fail only where they had been shut down before.
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }

    /// Whether a call has been made.
    var isInUse: Bool { state.withLockedValue { if case .inUse = $0 { true } else { false } } }

    /// The client, or `nil` after the shutdown.
    var client: HTTPClient? {
        state.withLockedValue { state in
            switch state {
            case .inUse(let client, _): return client
            case .shutDown: return nil
            case .unused:
                let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
                let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
                state = .inUse(client, group)
                return client
            }
        }
    }

    private func close() -> (HTTPClient, MultiThreadedEventLoopGroup)? {
        state.withLockedValue { state in
            defer { state = .shutDown }
            if case .inUse(let client, let group) = state { return (client, group) }
            return nil
        }
    }

    private var configuration: HTTPClient.Configuration {
        // The platform answers calls where they are made: a redirection would carry a token elsewhere.
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .nanoseconds(Int64(timeouts.connect / .nanoseconds(1)))
        configuration.httpVersion = .http1Only
        // Whether to try again is decided call by call.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        // Well below the time after which servers close a silent connection: a message sent into that would be lost.
        configuration.connectionPool.idleTimeout = .seconds(15)
        // A tracer would be handed the URL, and the URL has the access token.
        configuration.tracing.tracer = nil
        return configuration
    }
}
