internal import NIOCore
internal import OfficialAccountBot
internal import OutboundHTTP

/// The bytes of a medium as they arrive, up to a limit, each piece and all of them in limited time.
///
/// The time that the reader takes between two pieces does not count.
actor MediaPieces {
    private let call: Call
    private let host: String
    private let limit: Int
    private let silence: Duration
    /// Kept until the last piece: a client and its connections may be let go while a medium is read.
    private var connections: PlatformConnections?
    private var body: BodyReader?
    private var count = 0
    private var time: Duration

    init(_ answer: Answer, limit: Int, connections: PlatformConnections) {
        call = answer.call
        host = answer.host
        body = answer.body
        self.limit = limit
        self.connections = connections
        silence = connections.timeouts.silence
        time = connections.timeouts.medium
    }

    static func tooLarge(_ limit: Int) -> PlatformError {
        PlatformError(.tooLarge(limit: limit), "the medium has more than the \(limit) bytes that were asked for")
    }

    /// The next bytes, or `nil` after the last.
    func next() async throws(PlatformError) -> [UInt8]? {
        guard let body else { return nil }
        let start = ContinuousClock.now
        do {
            guard let piece = try await body.next(within: min(silence, time)) else {
                end()
                return nil
            }
            time -= .now - start
            count += piece.readableBytes
            guard count <= limit else { throw MediaPieces.tooLarge(limit) }
            return Array(piece.readableBytesView)
        } catch {
            end()
            throw (error as? PlatformError) ?? CallFailure(error, call, host: host).error
        }
    }
    /// Lets the body go, and with it the connection where there is more to read.
    private func end() {
        body = nil
        connections = nil
    }
}
