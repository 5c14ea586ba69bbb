/// How long calls to the platform may take.
public struct PlatformTimeouts: Sendable, Equatable {
    /// How long a connection may take to be made, TLS included.
    public var connect: Duration
    /// How long a call may wait for its turn while as many as there are connections are under way.
    public var turn: Duration
    /// How long a call with a small answer may take from its start to its end, repetitions included.
    public var call: Duration
    /// How long the platform may stay silent while a medium is read.
    public var silence: Duration
    /// How long a medium may be waited for in all, and how long an upload may take.
    public var medium: Duration

    /// Creates the limits.
    /// - Parameters:
    ///   - connect: For a connection to be made.
    ///   - turn: For a call's turn to come.
    ///   - call: For a call with a small answer.
    ///   - silence: Between two pieces of a medium.
    ///   - medium: For a whole medium.
    public init(
        connect: Duration = .seconds(3), turn: Duration = .seconds(60), call: Duration = .seconds(8),
        silence: Duration = .seconds(10), medium: Duration = .seconds(120)
    ) {
        self.connect = connect
        self.turn = turn
        self.call = call
        self.silence = silence
        self.medium = medium
    }
}
