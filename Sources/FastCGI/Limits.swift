/// What a server takes on at most. Every limit has a default that suits one small machine.
public struct Limits: Sendable, Equatable {
    /// Connections open at once; at the limit no more are accepted until one closes. Default 8192.
    public var connections = 8192
    /// Requests whose handler is waiting at once; beyond it a request is answered 503 at once. A handler
    /// that ignores its cancellation after ``handlerTimeout`` counts until it returns. Default 8192.
    public var requestsInFlight = 8192
    /// Bytes of all variables of one request (FastCGI's PARAMS); beyond it the connection is closed. Default 64 KiB,
    /// at most 1 GiB: libfcgi adds up lengths in 32 bits.
    public var parameterBytes = 64 << 10 { didSet { parameterBytes = Self.clamped(parameterBytes) } }
    /// Bytes of a request's body; beyond it the rest is discarded and the handler gets ``BodyError/tooLarge(limit:)``.
    /// Default 1 MiB, at most 1 GiB: libfcgi counts bytes in 32 bits.
    public var bodyBytes = 1 << 20 { didSet { bodyBytes = Self.clamped(bodyBytes) } }
    /// Seconds for a request to arrive whole, counted from its first byte. Default 30.
    public var readTimeout: Double = 30
    /// Seconds in which a peer must take some part of an answer. Default 30.
    public var writeTimeout: Double = 30
    /// Seconds for a handler; after them its task is cancelled and the request answered 504. Default 60.
    public var handlerTimeout: Double = 60
    /// Seconds that a stopping server gives to what is in hand before it ends all the same. Default 30.
    public var stopTimeout: Double = 30
    /// Seconds that a stopping server keeps idle connections open, so that a web server that is just sending a request on
    /// one gets its answer; each is closed behind its next answer. Default 3.
    public var idleLinger: Double = 3

    /// Creates the default limits.
    public init() {}
}

extension Limits {
    private static func clamped(_ bytes: Int) -> Int { min(max(bytes, 0), 1 << 30) }

    /// By how many bytes the headers and padding of a request's records may outweigh their content.
    var overheadBytes: Int { parameterBytes + bodyBytes + (64 << 10) }

    /// How many bytes of a body over the limit are read and thrown away so that the answer finds a peer that listens;
    /// beyond it the answer is sent and the connection closed.
    static let discardedBytes = 64 << 20

    /// How often deadlines are looked at, in milliseconds: a fraction of the shortest, and seldom enough to cost nothing.
    var tick: Int64 {
        let shortest = min(readTimeout, writeTimeout, handlerTimeout, stopTimeout, idleLinger)
        return Int64(min(max(shortest * 1000 / 4, 10), 250))
    }
}
