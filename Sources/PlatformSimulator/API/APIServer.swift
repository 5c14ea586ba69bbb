internal import FastCGI
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
    let port: Int
    private let listener: any Channel
    private let connections: OpenConnections

    /// Starts to serve.
    /// - Parameter answer: Says what to do about a call; called on any thread, which it must not block.
    static func start(_ answer: @escaping @Sendable (APIRequest) -> APIAnswer) async throws -> APIServer {
        let connections = OpenConnections()
        // Not as asynchronous channels: one that is accepted while the server ends is taken by nobody, which ends the process.
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.add(channel) else { throw ChannelError.ioOnClosedChannel }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(APIConnection(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return APIServer(port: listener.localAddress?.port ?? 0, listener: listener, connections: connections)
    }

    /// Closes the listener and all connections.
    func cancel() {
        listener.close(promise: nil)
        for channel in connections.end() { channel.close(promise: nil) }
    }

    /// Waits until all is closed.
    func ended() async {
        try? await listener.closeFuture.get()
        for channel in connections.all { try? await channel.closeFuture.get() }
    }
}

/// The connections of a server.
private final class OpenConnections: Sendable {
    private let state = Locked<(channels: [ObjectIdentifier: any Channel], hasEnded: Bool)>(([:], false))

    var all: [any Channel] { state.withLock { Array($0.channels.values) } }

    /// Adds one, until it is closed.
    /// - Returns: `false` where the server has ended, and the connection must be closed.
    func add(_ channel: any Channel) -> Bool {
        let isAdded = state.withLock { state in
            if !state.hasEnded { state.channels[ObjectIdentifier(channel)] = channel }
            return !state.hasEnded
        }
        guard isAdded else { return false }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
        }
        return true
    }

    /// Lets no more come.
    /// - Returns: Those that are open.
    func end() -> [any Channel] {
        state.withLock { state in
            state.hasEnded = true
            return Array(state.channels.values)
        }
    }
}
