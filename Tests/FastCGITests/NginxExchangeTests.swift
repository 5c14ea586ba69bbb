import FastCGI
import TestSupport
import Testing

/// Exchanges as nginx makes them over connections that it keeps.
@Suite("Exchanges behind nginx")
struct NginxExchangeTests {
    @Test("Requests that a client sent behind each other are answered in order", arguments: [2, 200])
    func pipelined(count: Int) async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let nginx = try Nginx(before: server.path)
        let connection = try nginx.connect()
        let requests = (0..<count).flatMap { index in
            var request = HTTPRequest("POST", "/", body: .bytes(utf8("\(index)")))
            if index % 3 == 0 { request.body = .chunked(request.bodyBytes) }
            request.keepsConnection = index < count - 1
            return request.bytes
        }
        async let received = connection.receiveToEnd()
        try await connection.send(requests)
        #expect(try HTTPResponse.all(http: await received).map(\.text) == (0..<count).map { "\($0)" })
        #expect(try connections(toUnixSocket: server.path).count == 1)
        try await server.stop()
    }

    @Test("Variables over the limit are refused, and no other request is harmed")
    func parameters() async throws {
        let gate = Gate()
        var limits = Limits()
        limits.parameterBytes = 20_000
        let server = try TestServer(workers: 1, limits: limits) { request in
            if request.path == "/wait" { await gate.pass() }
            return .plain(200, "\(request.parameters["HTTP_X_LONG"]?.utf8.count ?? 0)")
        }
        let nginx = try Nginx(before: server.path)
        func request(_ count: Int) -> HTTPRequest {
            HTTPRequest(
                "POST", "/", headers: [("X-Long", .init(repeating: "x", count: count))], body: .bytes(utf8("body")))
        }
        async let waiting = nginx.answer(to: .init("GET", "/wait"))
        #expect(await gate.hasArrivals(1))
        for _ in 0..<2 {
            #expect(try await nginx.answer(to: request(15_000)).text == "15000\n")
            // Its connection is closed without an answer, and this is what nginx makes of that.
            #expect(try await nginx.answer(to: request(30_000)).status == 502)
        }
        #expect(server.events.contains(.refused(.parametersTooLarge(limit: 20_000))))
        await gate.open()
        #expect(try await waiting.status == 200)
        try await server.stop()
    }

    @Test(
        "A client that leaves while a handler waits costs only its own request",
        arguments: [(ignores: "off", logged: "499 /wait"), (ignores: "on", logged: "200 /wait")])
    func leaves(ignores: String, logged: String) async throws {
        let gate = Gate()
        let server = try TestServer(workers: 1) { request in
            if request.path == "/wait" { await gate.pass() }
            return .plain(200, request.path)
        }
        let nginx = try Nginx(before: server.path, "fastcgi_ignore_client_abort \(ignores);")
        #expect(try await nginx.answer(to: .init("GET", "/before")).text == "/before\n")
        let kept = try connections(toUnixSocket: server.path)
        let leaving = try nginx.connect()
        try await leaving.send(HTTPRequest("GET", "/wait").bytes)
        #expect(await gate.hasArrivals(1))
        leaving.leave()
        if ignores == "off" { #expect(await eventually { nginx.ended.contains(logged) }) }
        #expect(try await nginx.answer(to: .init("GET", "/meanwhile")).text == "/meanwhile\n")
        await gate.open()
        #expect(await eventually { nginx.ended.contains(logged) })
        for _ in 0..<3 { #expect(try await nginx.answer(to: .init("GET", "/after")).text == "/after\n") }
        // nginx closes the connection of a request that it gave up, and no other.
        if ignores == "on" { #expect(try Set(connections(toUnixSocket: server.path)).isSuperset(of: kept)) }
        try await server.stop()
    }

    @Test("A client that leaves before its handler began has its request dropped")
    func gone() async throws {
        let began = Gate()
        let hold = BlockingGate()
        let server = try TestServer(workers: 1) { request in
            if request.path == "/hold" { hold.wait() }
            if request.path == "/gone" { await began.pass() }
            return .plain(200, "ok")
        }
        await began.open()
        let nginx = try Nginx(before: server.path)
        async let first = nginx.answer(to: .init("GET", "/hold"))
        #expect(await eventually { hold.isWaiting })
        let gone = try nginx.connect()
        try await gone.send(HTTPRequest("GET", "/gone").bytes)
        let hasCome = try await eventually { try connections(toUnixSocket: server.path).count == 2 }
        #expect(hasCome)
        gone.leave()
        #expect(await eventually { nginx.ended.contains("499 /gone") })
        hold.open()
        #expect(try await first.status == 200)
        #expect(await server.reports(.peerLeft))
        #expect(await began.arrivals == 0)
        try await server.stop()
    }

    @Test("One worker serves kept connections of two nginx at once, and none has to wait for another")
    func twoServers() async throws {
        let gate = Gate()
        let server = try TestServer(workers: 1) { request in
            if request.path == "/wait" { await gate.pass() }
            return .plain(200, request.path)
        }
        let both = try (0..<2).map { _ in try Nginx(before: server.path, processes: 2) }
        try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for nginx in both {
                for _ in 0..<8 { group.addTask { try await nginx.answer(to: .init("GET", "/wait")) } }
            }
            #expect(await gate.hasArrivals(16))
            #expect(try connections(toUnixSocket: server.path).count == 16)
            for nginx in both { #expect(try await nginx.answer(to: .init("GET", "/now")).text == "/now\n") }
            await gate.open()
            for try await response in group { #expect(response.text == "/wait\n") }
        }
        // Now the 16 are idle, and one worker reads from whichever has something to say.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for nginx in both {
                for client in 0..<8 {
                    group.addTask {
                        for round in 0..<20 {
                            let response = try await nginx.answer(to: .init("GET", "/\(client).\(round)"))
                            #expect(response.text == "/\(client).\(round)\n")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await server.stop()
    }

    @Test("Beyond the limit of requests in flight the client is told 503 at once")
    func inFlight() async throws {
        let gate = Gate()
        var limits = Limits()
        limits.requestsInFlight = 3
        let server = try TestServer(workers: 1, limits: limits) { request in
            if request.path == "/wait" { await gate.pass() }
            return .plain(200, "ok")
        }
        let nginx = try Nginx(before: server.path)
        try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for _ in 0..<3 { group.addTask { try await nginx.answer(to: .init("GET", "/wait")) } }
            #expect(await gate.hasArrivals(3))
            // The handler has begun before its wait is counted.
            let isRefused = try await eventually { try await nginx.answer(to: .init("GET", "/")).status == 503 }
            #expect(isRefused)
            await gate.open()
            for try await response in group { #expect(response.status == 200) }
        }
        try await server.stop()
    }
}
