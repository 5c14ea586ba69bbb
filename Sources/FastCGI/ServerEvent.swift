/// Something that happened in a server and that its operator may want in a log. None carries content of a request.
public enum ServerEvent: Sendable, Equatable {
    /// A peer sent what is not a request that this server takes; its connection was closed.
    case refused(Refusal)
    /// A peer ended its connection in the middle of a request.
    case cutShort
    /// A request was not whole within ``Limits/readTimeout``; its connection was closed.
    case readTimeout
    /// A peer took nothing of its answer within ``Limits/writeTimeout``; its connection was closed.
    case writeTimeout
    /// A handler had no answer within ``Limits/handlerTimeout``; it was cancelled and the request answered 504.
    case handlerTimeout
    /// A request was answered 503 because ``Limits/requestsInFlight`` handlers were waiting.
    case tooManyRequests
    /// A request was answered 503 because the bodies that were arriving beside its own took all of the 32 MiB that are there
    /// for those larger than 64 KiB.
    case tooManyBodies
    /// The peer had gone before a handler began on its request, which was dropped.
    case peerLeft
    /// No more connections are accepted until one of the ``Limits/connections`` closes. This and ``descriptorLimit(errno:)``
    /// are reported once a second at most.
    case connectionLimit
    /// No more connections are accepted until descriptors are free: `accept` failed with this error number, or would soon
    /// fail with it, and the last descriptors are left to handlers.
    case descriptorLimit(errno: Int32)
    /// Connections are accepted again after ``connectionLimit``, ``descriptorLimit(errno:)`` or another failure of `accept`.
    case acceptingAgain
    /// The server began to stop.
    case stopping
    /// The server has stopped; so many connections were still busy and were cut off.
    case stopped(unfinished: Int)
    /// Another process answers on the listener now, and this one stops.
    case replaced(pid: Int32)
    /// A process that was to take over did not get ready; this one goes on.
    case replacementFailed(String)
    /// A call of the system's failed in a way the server survives.
    case systemError(operation: String, errno: Int32)
}
