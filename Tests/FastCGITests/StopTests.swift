import FastCGI
import TestSupport
import Testing

@Suite("Stopping a server")
struct StopTests {
    @Test("What is in hand is finished; the kept connection is then closed, and no file is left")
    func inHand() async throws {
        let gate = Gate()
        let server = try TestServer(workers: 1) { _ in
            await gate.pass()
            return .plain(200, "done")
        }
        let connection = try server.connect()
        try await connection.send(.init("GET", keepsConnection: true))
        #expect(await gate.hasArrivals(1))
        server.server.stop()
        #expect(await eventually { !fileExists(server.path) })
        await gate.open()
        #expect(try await connection.answer()?.text == "done\n")
        #expect(try await connection.receiveToEnd() == [])
        try await server.ended()
        #expect(server.events.suffix(2) == [.stopping, .stopped(unfinished: 0)])
    }

    @Test("A kept connection is answered once more, then closed; one that stays idle is closed after a while")
    func kept() async throws {
        var limits = Limits()
        limits.idleLinger = 5
        let server = try TestServer(limits: limits, handler: echo)
        let connections = try (0..<3).map { _ in try server.connect() }
        for connection in connections {
            #expect(try await connection.exchange(.init(body: utf8("a"), keepsConnection: true))?.text == "a")
        }
        server.server.stop()
        #expect(await server.reports(.stopping))
        #expect(try await connections[0].exchange(.init(body: utf8("b"), keepsConnection: true))?.text == "b")
        for connection in connections { #expect(try await connection.receiveToEnd() == []) }
        try await server.ended()
    }

    @Test("A connection that waits to be accepted when the server stops is still answered")
    func backlog() async throws {
        let hold = BlockingGate()
        let server = try TestServer(workers: 1) { request in
            if request.path == "/hold" { hold.wait() }
            return .plain(200, request.path)
        }
        let first = try server.connect()
        try await first.send(.init("GET", "/hold"))
        #expect(await eventually { hold.isWaiting })
        let late = try server.connect()
        try await late.send(.init("GET", "/late"))
        server.server.stop()
        hold.open()
        #expect(try await first.answer()?.text == "/hold\n")
        #expect(try await late.answer()?.text == "/late\n")
        try await server.ended()
    }

    @Test("A handler that waits longer than the server runs goes on all the same")
    func outlived() async throws {
        var limits = Limits()
        limits.stopTimeout = 0.2
        let gate = Gate()
        let passed = Gate()
        let server = try TestServer(limits: limits) { _ in
            await gate.pass()
            await passed.open()
            return .plain(200, "")
        }
        let connection = try server.connect()
        try await connection.send(.init("GET"))
        #expect(await gate.hasArrivals(1))
        server.server.stop()
        try await server.ended()
        await gate.open()
        await passed.pass()
    }

    @Test("What takes longer than the deadline is cut off")
    func deadline() async throws {
        var limits = Limits()
        limits.stopTimeout = 0.2
        let gate = Gate()
        let server = try TestServer(limits: limits) { _ in
            await gate.pass()
            return .plain(200, "")
        }
        let connection = try server.connect()
        try await connection.send(.init("GET"))
        #expect(await gate.hasArrivals(1))
        server.server.stop()
        try await server.ended()
        #expect(try await connection.receiveToEnd() == [])
        #expect(server.events.last == .stopped(unfinished: 1))
        await gate.open()
    }

    @Test("Cancelling its task stops it; told to stop before it runs, it ends at once")
    func cancelled() async throws {
        let folder = try TemporaryFolder()
        let server = Server(listener: try .open(.unix(folder("a.sock"))), workers: 2, handler: echo)
        let task = Task { try await server.run() }
        let connection = try RawConnection(unix: folder("a.sock"))
        #expect(try await connection.exchange(.init(body: utf8("a")))?.text == "a")
        task.cancel()
        try await task.value
        let never = Server(listener: try .open(.unix(folder("b.sock"))), handler: echo)
        never.stop()
        try await never.run()
        #expect(!fileExists(folder("b.sock")))
    }
}
