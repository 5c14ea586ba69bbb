internal import CFastCGI
internal import Glibc

/// One plain CGI exchange (RFC 3875).
public enum CGI {
    /// Answers the one request that this process was started for: its variables are the environment, its body is standard
    /// input, and the answer goes to standard output.
    ///
    /// It starts nothing beside the handler, which begins on the calling thread: a process that lives for one request
    /// should cost no more than that.
    /// - Parameters:
    ///   - limits: Of these only ``Limits/bodyBytes`` applies: the web server sees to the rest.
    ///   - handler: Answers the request.
    /// - Returns: The status to exit with: 0, or 1 where the answer could not be written.
    nonisolated(nonsending) public static func respond(
        limits: Limits = Limits(), handler: @escaping Handler
    ) async -> Int32 {
        _ = cfastcgi_ignore_signal(SIGPIPE)
        let parameters = cfastcgi_environment().map { Parameters(environment: $0) } ?? Parameters()
        let request = Request(parameters: parameters, body: body(for: parameters, limit: limits.bodyBytes))
        let exchange = Exchange()
        let task = Task.immediate {
            let response = await handler(request)
            _ = exchange.finish(response)
            return response
        }
        let response: Response = if let answer = exchange.answer { answer } else { await task.value }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(response.body.count + 512)
        HeaderBlock.append(response, saysOK: true, to: &bytes)
        bytes.append(contentsOf: response.body)
        return write(bytes) ? 0 : 1
    }

    private static func body(for parameters: Parameters, limit: Int) -> Result<[UInt8], BodyError> {
        let declared = ContentLength.declared(in: parameters)
        if let declared {
            guard declared > 0 else { return .success([]) }
            guard declared <= limit else { return .failure(.tooLarge(limit: limit)) }
        } else {
            // Without a length only a web server that passes a body in chunks has one, and never with these methods.
            // A terminal would have the process wait for whoever sits at it.
            let method = parameters["REQUEST_METHOD"] ?? ""
            guard !["GET", "HEAD", "OPTIONS", "DELETE", "TRACE", ""].contains(method), isatty(STDIN_FILENO) == 0 else {
                return .success([])
            }
        }
        // One byte more than the limit, which is far from the largest number, tells a body that is too large from one that
        // is not.
        let wanted = declared ?? limit + 1
        var bytes: [UInt8] = []
        while bytes.count < wanted {
            let room = min(wanted - bytes.count, 64 << 10)
            var failed = false
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                var got = -1
                repeat { got = read(STDIN_FILENO, buffer.baseAddress, room) } while got < 0 && errno == EINTR
                failed = got <= 0
                count = max(got, 0)
            }
            if failed { break }
            if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
        }
        if bytes.count > limit { return .failure(.tooLarge(limit: limit)) }
        if let declared, bytes.count < declared { return .failure(.cutShort) }
        return .success(bytes)
    }

    private static func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count, let base = bytes.baseAddress {
                let count = Glibc.write(STDOUT_FILENO, base + done, bytes.count - done)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }
}
