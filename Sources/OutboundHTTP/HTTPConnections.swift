package import AsyncHTTPClient
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix

/// Connections to HTTP services, with one thread for all of them.
///
/// The first call makes them. A process that makes no call has neither connections nor the thread.
package final class HTTPConnections: Sendable {
    private enum State {
        case unused
        case inUse(HTTPClient, MultiThreadedEventLoopGroup)
        case shutDown
    }

    /// Those that live as long as the process.
    package static let shared = HTTPConnections(connectTimeout: .seconds(3))

    private let connectTimeout: Duration
    private let places: HTTPPlaces
    private let state = NIOLockedValueBox(State.unused)

    /// Prepares connections; none is made yet.
    /// - Parameters:
    ///   - connectTimeout: How long a connection may take to be made, TLS included.
    ///   - mostPerHost: How many connections there are to one host at the most; more calls wait for a place.
    package init(connectTimeout: Duration, mostPerHost: Int = 32) {
        self.connectTimeout = connectTimeout
        places = HTTPPlaces(mostPerHost: mostPerHost)
    }

    deinit {
        guard let (client, group) = close() else { return }
        client.shutdown { _ in group.shutdownGracefully { _ in } }
    }

    /// Closes all connections and ends their thread. Calls that are under way fail, and so do later ones.
    package func shutdown() async {
        guard let (client, group) = close() else { return }
        // Both fail only where they had been shut down before.
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }

    /// Whether a call has been made.
    package var isInUse: Bool { state.withLockedValue { if case .inUse = $0 { true } else { false } } }

    /// The client, or `nil` after the shutdown.
    package var client: HTTPClient? {
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

    /// A place for a call to a host, to be held until its answer has been read: as many calls as connections have one.
    /// - Parameters:
    ///   - host: The host, with the port where it matters.
    ///   - deadline: Until when to wait for one.
    /// - Throws: ``NoPlaceFree``, or `CancellationError`.
    package func place(at host: String, until deadline: ContinuousClock.Instant) async throws -> HTTPPlace {
        if let place = places.takeAtOnce(at: host) { return place }
        do {
            return try await limited(to: deadline - .now) { try await self.places.take(at: host) }
        } catch is TimeLimitExceeded { throw NoPlaceFree(most: places.mostPerHost) }
    }

    private func close() -> (HTTPClient, MultiThreadedEventLoopGroup)? {
        state.withLockedValue { state in
            defer { state = .shutDown }
            if case .inUse(let client, let group) = state { return (client, group) }
            return nil
        }
    }

    private var configuration: HTTPClient.Configuration {
        // A call is answered where it is made: a redirection would carry a token, or what a user wrote, elsewhere.
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .nanoseconds(Int64(connectTimeout / .nanoseconds(1)))
        configuration.httpVersion = .http1Only
        // Whether to try again is decided call by call.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Who has a place gets a connection at once, also beside those that are about to close.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 2 * places.mostPerHost
        // Well below the time after which servers close a silent connection: a message sent into that would be lost.
        configuration.connectionPool.idleTimeout = .seconds(15)
        // A tracer would be handed the URL, and the URL may have an access token.
        configuration.tracing.tracer = nil
        configuration.refuseUnknownStatus()
        return configuration
    }
}
