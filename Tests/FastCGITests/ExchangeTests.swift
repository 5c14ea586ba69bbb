import FastCGI
import TestSupport
import Testing

@Suite("Exchanges over FastCGI")
struct ExchangeTests {
    @Test(
        "A request gets its answer, on a connection that is closed or kept as the web server wants", arguments: [1, 4])
    func keepAndClose(workers: Int) async throws {
        let server = try TestServer(workers: workers, handler: echo)
        let connection = try server.connect()
        for id in [1, 7, 65535] as [UInt16] {
            let answer = try await connection.exchange(.init(body: utf8("text \(id)"), id: id, keepsConnection: true))
            #expect(answer?.id == id)
            #expect(answer?.status == 200)
            #expect(answer?.text == "text \(id)")
            #expect(answer?.protocolStatus == 0)
        }
        #expect(try await connection.exchange(.init(body: utf8("last")))?.text == "last")
        #expect(try await connection.receiveToEnd() == [])
        try await server.stop()
    }

    @Test("It listens on TCP too")
    func tcp() async throws {
        let listener = try Listener.open(.tcp(host: "127.0.0.1", port: 0))
        let port = try #require(listener.port)
        let server = Server(listener: listener, workers: 1, handler: echo)
        async let run: Void = server.run()
        let connection = try RawConnection(port: port)
        #expect(try await connection.exchange(.init(body: utf8("a"), keepsConnection: true))?.text == "a")
        #expect(try await connection.exchange(.init(body: utf8("b")))?.text == "b")
        server.stop()
        try await run
    }

    @Test(
        "A body of any size comes back whole", arguments: [0, 1, 8191, 8192, 60_000, 65_536, 100_000, 1 << 20, 5 << 20])
    func bodies(size: Int) async throws {
        var limits = Limits()
        limits.bodyBytes = 8 << 20
        let server = try TestServer(limits: limits, handler: echo)
        let connection = try server.connect()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        for keeps in [true, true, false] {
            async let answer = connection.answer()
            try await connection.send(.init(body: body, keepsConnection: keeps))
            #expect(try await answer?.body == body)
        }
        try await server.stop()
    }

    @Test("A large answer goes out in large records, and waits for a slow reader without holding the only worker")
    func slowReader() async throws {
        let body = [UInt8](repeating: 0x61, count: 20 << 20)
        let server = try TestServer(workers: 1) { request in
            request.path == "/large" ? Response(body: body) : .plain(200, "small")
        }
        let slow = try server.connect()
        slow.shrinkReceiveBuffer()
        try await slow.send(.init("GET", "/large", keepsConnection: true))
        let other = try server.connect()
        for _ in 0..<3 { #expect(try await other.exchange(.init("GET", keepsConnection: true))?.text == "small\n") }
        let answer = try #require(try await slow.answer())
        #expect(answer.body == body)
        #expect(answer.recordCount <= body.count / 65528 + 3)
        #expect(try await slow.exchange(.init("GET", keepsConnection: true))?.text == "small\n")
        try await server.stop()
    }

    @Test("A request may arrive byte by byte, in its variables and in its body")
    func trickled() async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let connection = try server.connect()
        for keeps in [true, false] {
            for byte in FastCGIRequest(body: utf8("trickled"), keepsConnection: keeps).bytes {
                try await connection.send([byte])
            }
            #expect(try await connection.answer()?.text == "trickled")
        }
        try await server.stop()
    }

    @Test("Half a request holds no worker: one worker goes on answering others", arguments: [1, 8, 20, 60, 200])
    func halfHeaders(bytes: Int) async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let whole = FastCGIRequest(parameters: [("X", .init(repeating: "x", count: 200))], body: utf8("late"))
        var halves: [RawConnection] = []
        for _ in 0..<8 {
            let half = try server.connect()
            try await half.send(Array(whole.bytes.prefix(bytes)))
            halves.append(half)
        }
        let other = try server.connect()
        for _ in 0..<3 {
            #expect(try await other.exchange(.init(body: utf8("now"), keepsConnection: true))?.text == "now")
        }
        for half in halves {
            try await half.send(Array(whole.bytes.dropFirst(bytes)))
            #expect(try await half.answer()?.text == "late")
        }
        try await server.stop()
    }

    @Test(
        "A body that has not come whole holds no worker, however much of it is there", arguments: [1, 50_000, 99_999])
    func halfBodies(missing: Int) async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let body = [UInt8](repeating: 120, count: 100_000)
        // Beside what is missing of it, the record of eight bytes that ends it.
        let bytes = FastCGIRequest(body: body).bytes
        let halves = try (0..<8).map { _ in try server.connect() }
        for half in halves { try await half.send(Array(bytes.dropLast(missing + 8))) }
        let other = try server.connect()
        for _ in 0..<3 {
            #expect(try await other.exchange(.init(body: utf8("now"), keepsConnection: true))?.text == "now")
        }
        for half in halves {
            async let answer = half.answer()
            try await half.send(Array(bytes.suffix(missing + 8)))
            #expect(try await answer?.body == body)
        }
        try await server.stop()
    }

    @Test("Requests that were sent behind each other are answered one after the other", arguments: [2, 30, 3000])
    func pipelined(count: Int) async throws {
        let server = try TestServer(workers: 2, handler: echo)
        let connection = try server.connect()
        let requests = (0..<count).flatMap { index in
            FastCGIRequest(body: utf8("\(index)"), id: UInt16(index + 1), keepsConnection: index < count - 1).bytes
        }
        async let sent: Void = connection.send(requests)
        for index in 0..<count {
            let answer = try await connection.answer()
            #expect(answer?.text == "\(index)")
            #expect(answer?.id == UInt16(index + 1))
        }
        try await sent
        #expect(try await connection.receiveToEnd() == [])
        try await server.stop()
    }

    @Test("The start of a next request behind a whole one is kept for it")
    func cutBehind() async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let connection = try server.connect()
        let second = FastCGIRequest(body: utf8("second")).bytes
        try await connection.send(FastCGIRequest(body: utf8("first"), keepsConnection: true).bytes + second.prefix(11))
        #expect(try await connection.answer()?.text == "first")
        try await connection.send(Array(second.dropFirst(11)))
        #expect(try await connection.answer()?.text == "second")
        try await server.stop()
    }

    @Test("A body that the handler never looks at does not become the next request", arguments: [10, 70_000])
    func unreadBody(size: Int) async throws {
        let server = try TestServer(workers: 1) { _ in .plain(200, "ok") }
        let connection = try server.connect()
        for _ in 0..<3 {
            let request = FastCGIRequest(body: .init(repeating: 1, count: size), keepsConnection: true)
            #expect(try await connection.exchange(request)?.text == "ok\n")
        }
        try await server.stop()
    }

    @Test("One worker serves kept connections of two web servers at once, handlers that wait included")
    func twoServers() async throws {
        let gate = Gate()
        let server = try TestServer(workers: 1) { request in
            if request.path == "/wait" { await gate.pass() }
            return .plain(200, request.path)
        }
        let connections = try (0..<2).map { _ in try (0..<4).map { _ in try server.connect() } }
        for connection in connections.joined() {
            try await connection.send(.init("GET", "/wait", keepsConnection: true))
        }
        #expect(await gate.hasArrivals(8))
        let other = try server.connect()
        #expect(try await other.exchange(.init("GET", "/other", keepsConnection: true))?.text == "/other\n")
        await gate.open()
        for connection in connections.joined() {
            #expect(try await connection.answer()?.text == "/wait\n")
            #expect(try await connection.exchange(.init("GET", "/b", keepsConnection: true))?.text == "/b\n")
        }
        try await server.stop()
    }

    @Test(
        "CONTENT_LENGTH that differs from what came is a cut body; none, an empty one or -1 is none",
        arguments: [("5", 400), ("3", 400), ("", 200), ("-1", 200), ("4", 200), ("four", 400)])
    func contentLength(length: String, status: Int) async throws {
        let server = try TestServer(handler: echo)
        for behind in [0, 100_000] {
            let connection = try server.connect()
            // The second time through memory: the padding on an end does not go to libfcgi as it is.
            var records = FastCGIRequest(parameters: [("CONTENT_LENGTH", length)], body: utf8("1234")).records
            if behind > 0 { records[records.count - 1].padding = 8 }
            try await connection.send(records.flatMap(\.bytes))
            #expect(try await connection.answer()?.status == status)
        }
        try await server.stop()
    }

    @Test(
        "A body over the limit is thrown away, the handler is told, and the connection goes on",
        arguments: [1001, 3 << 20])
    func tooLarge(size: Int) async throws {
        var limits = Limits()
        limits.bodyBytes = 1000
        let server = try TestServer(workers: 1, limits: limits, handler: echo)
        let connection = try server.connect()
        for _ in 0..<2 {
            async let answer = connection.answer()
            try await connection.send(.init(body: .init(repeating: 1, count: size), keepsConnection: true))
            #expect(try await answer?.text == "over 1000\n")
            let next = try await connection.exchange(
                .init(body: .init(repeating: 2, count: 1000), keepsConnection: true))
            #expect(next?.body.count == 1000)
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
        let connection = try server.connect()
        let start = FastCGIRequest().records.dropLast()
        try await connection.send(start.flatMap(\.bytes))
        let piece = FastCGIRecord(type: FastCGIRecord.Kind.stdin, content: .init(repeating: 1, count: 65528)).bytes
        async let answer = connection.answer()
        do {
            for _ in 0..<4000 { try await connection.send(piece) }
        } catch {}
        #expect(try await answer?.status == 413)
        try await server.stop()
    }
}
