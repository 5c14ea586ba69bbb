internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import OfficialAccount
internal import OfficialAccountBot
internal import OutboundHTTP

extension Forward {
    /// Why an exchange failed, and whether it may be made once more.
    private struct Failure: Error {
        var error: ServiceError
        var allowsRepetition = false
    }

    /// How long after a lost connection another one is tried.
    private static let pause = Duration.milliseconds(200)

    /// Posts a request and reads the answer.
    func exchange(_ request: Request) async throws(ServiceError) -> ServiceReply {
        let deadline = ContinuousClock.now + timeout
        do throws(Failure) {
            return try await attempt(request, until: deadline)
        } catch {
            guard error.allowsRepetition, .now + Self.pause < deadline,
                (try? await Task.sleep(for: Self.pause)) != nil
            else { throw error.error }
        }
        do throws(Failure) { return try await attempt(request, until: deadline) } catch { throw error.error }
    }

    private func attempt(
        _ request: Request, until deadline: ContinuousClock.Instant
    ) async throws(Failure) -> ServiceReply {
        let place = try await place(until: deadline)
        let response = try await begin(request, until: deadline)
        let status = Int(response.status.code)
        if status == 204 { return ServiceReply(reply: .none) }
        guard (200..<300).contains(status) else { throw Failure(error: statusError(status)) }
        let encoding = response.headers.first(name: "content-encoding")?.lowercased() ?? "identity"
        guard encoding == "identity" else {
            throw Failure(
                error: unreadable("a compressed body, which was not asked for; switch compression off for its address"))
        }
        let bytes: [UInt8]
        do {
            if let length = response.headers.first(name: "content-length").flatMap(Int.init), length > limit {
                throw BodyTooLarge()
            }
            bytes = try await BodyReader(response.body, holding: place).bytes(atMost: limit, until: deadline)
        } catch is BodyTooLarge {
            throw Failure(
                error: ServiceError(
                    .tooLarge(limit: limit),
                    "\(address.name) answered with more than the \(limit) bytes that its limit allows"))
        } catch { throw failure(error, hasBegun: true) }
        let seal: PlatformSeal? = if case .xml(let seal) = content { seal } else { nil }
        do {
            return try ServiceReply(
                reading: bytes, contentType: response.headers.first(name: "content-type") ?? "", seal: seal)
        } catch { throw Failure(error: unreadable(error.what)) }
    }

    private func place(until deadline: ContinuousClock.Instant) async throws(Failure) -> HTTPPlace {
        do { return try await connections.place(at: address.name, until: deadline) } catch {
            throw failure(error, hasBegun: false)
        }
    }

    /// Posts a request and waits for the beginning of the answer.
    private func begin(
        _ request: Request, until deadline: ContinuousClock.Instant
    ) async throws(Failure) -> HTTPClientResponse {
        guard let client = connections.client else { throw failure(HTTPClientError.alreadyShutdown, hasBegun: false) }
        var ready = HTTPClientRequest(url: request.url)
        ready.method = .POST
        for header in request.headers { ready.headers.add(name: header.name, value: header.value) }
        ready.body = .bytes(ByteBuffer(bytes: request.body))
        do {
            let ready = ready
            let left = deadline - .now
            return try await limited(to: left) {
                // Its own limit does not cover the body; the one around it is the one that counts.
                try await client.execute(ready, timeout: .seconds(left.components.seconds + 10))
            }
        } catch { throw failure(error, hasBegun: false) }
    }

    private func unreadable(_ what: String) -> ServiceError {
        ServiceError(.unreadable, "\(address.name) answered with \(what)")
    }

    private func statusError(_ status: Int) -> ServiceError {
        let advice =
            switch status {
            case 300..<400: "redirections are not followed; set the address that it leads to"
            case 401, 403: "check the secret and the headers that it asks for"
            case 404, 405: "check the path of its address, and that it takes POST"
            case 413: "it takes no body as large as the message"
            default: "its own log should say why"
            }
        return ServiceError(.status(status), "\(address.name) answered with HTTP status \(status); \(advice)")
    }

    /// What the connection's error says.
    private func failure(_ error: any Error, hasBegun: Bool) -> Failure {
        let name = address.name
        func unreachable(_ why: String, allowsRepetition: Bool = false) -> Failure {
            Failure(
                error: ServiceError(.unreachable, "\(name) \(why)"), allowsRepetition: allowsRepetition && !hasBegun)
        }
        switch ConnectionFailure(error) {
        case .timeLimit:
            return Failure(
                error: ServiceError(
                    .tooSlow, "\(name) did not answer in \(seconds) seconds; make it faster, or raise its timeout"))
        case .connectTimeLimit:
            return Failure(
                error: ServiceError(
                    .tooSlow, "\(name) took no connection in time; check that it runs, the network and the firewall"))
        case .noPlaceFree(let most):
            return Failure(
                error: ServiceError(
                    .tooSlow,
                    """
                    \(name) was busy with \(most) other messages for \(seconds) seconds; make it faster, or raise its \
                    timeout
                    """))
        case .cancelled: return unreachable("was not waited for: the call was cancelled")
        case .stopping: return unreachable("was not called: the program is stopping")
        case .notConnected(let reason):
            return unreachable(
                "could not be reached: \(reason); check that it runs, its name and port, and the network",
                allowsRepetition: true)
        case .broken(let reason):
            return unreachable(
                "broke the connection off: \(reason); its own log should say why", allowsRepetition: true)
        case .notHTTP: return Failure(error: unreadable("something that is not HTTP; check its port"))
        case .other(let reason):
            return unreachable(
                "could not be reached: \(reason); check the network, and for https:// its certificate and this machine's"
            )
        }
    }

    private var seconds: String {
        let (seconds, attoseconds) = timeout.components
        return attoseconds == 0 ? "\(seconds)" : "\(Double(seconds) + Double(attoseconds) / 1e18)"
    }
}
