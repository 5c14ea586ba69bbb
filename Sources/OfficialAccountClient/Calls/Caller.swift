internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import OfficialAccountBot
internal import OutboundHTTP

/// Makes calls, and makes them again where that is safe and likely to help.
struct Caller: Sendable {
    /// How often a call is attempted.
    static let mostAttempts = 3

    var connections: PlatformConnections
    var address: PlatformAddress

    /// Makes a call whose answer is JSON.
    /// - Parameters:
    ///   - call: The call.
    ///   - limit: How long it may take in all; by itself ``PlatformTimeouts/call``.
    func json<Value: Decodable & Sendable>(
        _ call: Call, within limit: Duration? = nil
    ) async throws(PlatformError) -> Value {
        try await attempting(call, within: limit ?? connections.timeouts.call) { turn throws(CallFailure) in
            try await open(call, turn).json(Value.self, until: turn.deadline)
        }
    }

    /// What an attempt has: a place among the calls that are made at a time, and until when.
    struct Turn: Sendable {
        var deadline: ContinuousClock.Instant
        var place: HTTPPlace
    }

    /// Attempts a call until it succeeds or another attempt is of no use.
    /// - Parameter limit: How long it may take in all, from when it has a place on.
    func attempting<Value: Sendable>(
        _ call: Call, within limit: Duration,
        _ attempt: (Turn) async throws(CallFailure) -> Value
    ) async throws(PlatformError) -> Value {
        let place: HTTPPlace
        do {
            // Without a token no call goes out: it has places of its own.
            let places = call.isForToken ? "\(host(call)) stable_token" : host(call)
            place = try await connections.connections.place(at: places, until: .now + connections.timeouts.turn)
        } catch { throw CallFailure(error, call, host: host(call)).error }
        let turn = Turn(deadline: .now + limit, place: place)
        var attempts = 0
        while true {
            attempts += 1
            let failure: CallFailure
            do { return try await attempt(turn) } catch { failure = error }
            let pause = Duration.milliseconds(Int.random(in: 100...300) << (attempts - 1))
            guard attempts < Caller.mostAttempts, failure.allowsRepetition(of: call), .now + pause < turn.deadline,
                (try? await Task.sleep(for: pause)) != nil
            else { throw failure.error }
        }
    }

    /// Makes one attempt at a call.
    /// - Returns: The beginning of the answer, whatever its status.
    func open(_ call: Call, _ turn: Turn) async throws(CallFailure) -> Answer {
        let host = host(call)
        guard let client = connections.connections.client else {
            throw CallFailure(HTTPClientError.alreadyShutdown, call, host: host)
        }
        var request = HTTPClientRequest(url: call.url(address))
        request.method = call.method
        request.headers.add(name: "User-Agent", value: "wechat-fcgi")
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: body.contentType)
            request.body = .bytes(body.bytes)
        }
        do {
            let ready = request
            let left = turn.deadline - .now
            let response = try await limited(to: left) {
                // Its own limit does not cover the body; the one around it is the one that counts.
                try await client.execute(ready, timeout: .seconds(left.components.seconds + 10))
            }
            return Answer(
                call: call, host: host, status: response.status, headers: response.headers,
                body: BodyReader(response.body, holding: turn.place))
        } catch { throw CallFailure(error, call, host: host) }
    }

    private func host(_ call: Call) -> String {
        if case .url = call.target { "the video's server" } else { address.host }
    }
}
