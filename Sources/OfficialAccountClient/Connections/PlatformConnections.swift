internal import OutboundHTTP

/// The connections to the platform, shared by all accounts of a process.
///
/// The first call makes them, with a thread of their own. A process that makes no call has neither.
public final class PlatformConnections: Sendable {
    /// How long calls may take.
    public let timeouts: PlatformTimeouts
    let connections: HTTPConnections

    /// Prepares connections; none is made yet.
    /// - Parameter timeouts: How long calls may take.
    public init(timeouts: PlatformTimeouts = PlatformTimeouts()) {
        self.timeouts = timeouts
        connections = HTTPConnections(connectTimeout: timeouts.connect)
    }

    /// Closes all connections and ends their thread. Calls that are under way fail, and so do later ones.
    public func shutdown() async { await connections.shutdown() }

    /// Whether a call has been made.
    var isInUse: Bool { connections.isInUse }
}
