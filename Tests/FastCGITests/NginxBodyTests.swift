import FastCGI
import TestSupport
import Testing

/// What a client of nginx's can do with a body, passed on as it comes or when nginx has all of it.
///
/// What stands in front of a body nginx sends in one piece, however the client's header trickles: half a header and half
/// the variables are for ``ExchangeTests`` alone.
@Suite("Bodies behind nginx")
struct NginxBodyTests {
    private static let unbuffered = "fastcgi_request_buffering off;"

    @Test("What a client sends a few bytes at a time is read whole", arguments: [false, true])
    func trickled(chunked: Bool) async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let nginx = try Nginx(before: server.path, Self.unbuffered)
        let body = utf8("a body that comes a few bytes at a time")
        let request = HTTPRequest("POST", "/", body: chunked ? .chunked(body) : .bytes(body))
        let connection = try nginx.connect()
        try await connection.trickle(request.bytes, by: 3)
        let response = try await connection.response()
        #expect(response.status == 200)
        #expect(response.body == body)
        try await server.stop()
    }

    @Test("Header fields that trickle in, and fill most of what variables may take, arrive")
    func headers() async throws {
        let server = try TestServer(workers: 1) { .plain(200, "\($0.parameters["HTTP_X_LONG"]?.utf8.count ?? 0)") }
        let nginx = try Nginx(before: server.path, Self.unbuffered)
        let request = HTTPRequest(
            "POST", "/", headers: [("X-Long", .init(repeating: "x", count: 60_000))], body: .bytes(utf8("body")))
        let connection = try nginx.connect()
        try await connection.trickle(request.bytes, by: 1000)
        let response = try await connection.response()
        #expect(response.status == 200)
        #expect(response.text == "60000\n")
        try await server.stop()
    }

    @Test("Bodies of which a half is missing hold no worker: the only one goes on answering others")
    func halves() async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let nginx = try Nginx(before: server.path, Self.unbuffered)
        let body = [UInt8](repeating: 120, count: 50_000)
        let bytes = HTTPRequest("POST", "/", body: .bytes(body)).bytes
        let halves = try (0..<8).map { _ in try nginx.connect() }
        for half in halves { try await half.send(Array(bytes.dropLast(25_000))) }
        let haveCome = try await eventually { try connections(toUnixSocket: server.path).count == halves.count }
        #expect(haveCome)
        for _ in 0..<3 { #expect(try await nginx.answer(to: .init("POST", "/", body: .bytes([1]))).body == [1]) }
        for half in halves { try await half.send(Array(bytes.suffix(25_000))) }
        for half in halves { #expect(try await half.response().body == body) }
        try await server.stop()
    }

    @Test("A client that stops in the middle of its body is refused at the deadline, and nobody else is")
    func stops() async throws {
        var limits = Limits()
        limits.readTimeout = 0.2
        let server = try TestServer(workers: 1, limits: limits, handler: echo)
        let nginx = try Nginx(before: server.path, Self.unbuffered)
        let connection = try nginx.connect()
        try await connection.send(HTTPRequest("POST", "/", body: .bytes([1, 2, 3])).bytes.dropLast())
        #expect(try await connection.response().status == 502)
        #expect(await server.reports(.readTimeout))
        #expect(try await nginx.answer(to: .init("POST", "/", body: .bytes([1]))).body == [1])
        try await server.stop()
    }

    @Test(
        "A body over the limit is refused, passed on as it comes or not, and the kept connection goes on",
        arguments: [unbuffered, "fastcgi_request_buffering on;"], [1001, 3 << 20])
    func tooLarge(buffering: String, size: Int) async throws {
        var limits = Limits()
        limits.bodyBytes = 1000
        let server = try TestServer(workers: 1, limits: limits, handler: echo)
        let nginx = try Nginx(before: server.path, buffering)
        var kept: Set<String> = []
        for chunked in [false, true] {
            let body = [UInt8](repeating: 1, count: size)
            let response = try await nginx.answer(
                to: .init("POST", "/", body: chunked ? .chunked(body) : .bytes(body)))
            #expect(response.status == 413)
            #expect(response.text == "over 1000\n")
            let next = [UInt8](repeating: 2, count: 1000)
            #expect(try await nginx.answer(to: .init("POST", "/", body: .bytes(next))).body == next)
            kept.formUnion(try connections(toUnixSocket: server.path))
        }
        #expect(kept.count == 1)
        try await server.stop()
    }

    @Test("A body that the handler never looks at does not become the next request", arguments: [10, 70_000])
    func unread(size: Int) async throws {
        let server = try TestServer(workers: 1) { .plain(200, $0.path) }
        for buffering in [Self.unbuffered, ""] {
            let nginx = try Nginx(before: server.path, buffering)
            // It looks like the start of another request.
            let body = [UInt8](FastCGIRequest("GET", "/other").bytes.prefix(size))
            let padded = body + [UInt8](repeating: 0, count: size - body.count)
            for number in 0..<3 {
                let response = try await nginx.answer(to: .init("POST", "/\(number)", body: .bytes(padded)))
                #expect(response.text == "/\(number)\n")
            }
        }
        try await server.stop()
    }

    @Test("A body without end is answered at some point all the same")
    func endless() async throws {
        var limits = Limits()
        limits.bodyBytes = 1000
        // What ends the body is its length, however long a slow machine takes over it.
        limits.readTimeout = 3600
        let server = try TestServer(workers: 1, limits: limits, handler: echo)
        let nginx = try Nginx(before: server.path, Self.unbuffered)
        let connection = try nginx.connect()
        async let response = connection.response()
        try await connection.send(utf8("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"))
        let chunk = utf8("10000\r\n") + [UInt8](repeating: 120, count: 0x10000) + utf8("\r\n")
        do {
            for _ in 0..<4000 { try await connection.send(chunk) }
        } catch {}
        #expect(try await response.status == 413)
        #expect(try await nginx.answer(to: .init("POST", "/", body: .bytes([1]))).body == [1])
        try await server.stop()
    }

    @Test("A client that leaves in the middle of its body costs only its own request")
    func leaves() async throws {
        let began = Gate()
        let server = try TestServer(workers: 1) { request in
            if request.path == "/cut" { await began.pass() }
            return await echo(request)
        }
        await began.open()
        let nginx = try Nginx(before: server.path, Self.unbuffered)
        let connection = try nginx.connect()
        let bytes = HTTPRequest("POST", "/cut", body: .bytes(.init(repeating: 1, count: 50_000))).bytes
        try await connection.send(bytes.dropLast(25_000))
        let hasCome = try await eventually { try connections(toUnixSocket: server.path).count == 1 }
        #expect(hasCome)
        connection.leave()
        // Of a Unix socket whose peer has gone all is known at once; how much of it was read before that is chance.
        #expect(await eventually { server.events.contains { $0 == .peerLeft || $0 == .cutShort } })
        for _ in 0..<2 { #expect(try await nginx.answer(to: .init("POST", "/", body: .bytes([1]))).body == [1]) }
        #expect(await began.arrivals == 0)
        try await server.stop()
    }
}
