@testable import FastCGI
import TestSupport
import Testing

@Suite("The limits of a server")
struct LimitTests {
    private func limits(_ change: (inout Limits) -> Void) -> Limits {
        var limits = Limits()
        change(&limits)
        return limits
    }

    @Test("No limit of bytes is beyond what can be counted", arguments: [Int.max, Int(Int32.max), Int.min, -1, 0, 1])
    func bytes(count: Int) async throws {
        let limits = limits {
            $0.bodyBytes = count
            $0.parameterBytes = count
        }
        let expected = min(max(count, 0), 1 << 30)
        #expect(limits.bodyBytes == expected && limits.parameterBytes == expected)
        guard count > 1 else { return }
        let server = try TestServer(workers: 1, limits: limits, handler: echo)
        let body = [UInt8](repeating: 120, count: 100_000)
        #expect(try await server.connect().exchange(.init(body: body))?.body == body)
        try await server.stop()
    }

    @Test("Beyond the limit of requests in flight the answer is 503 at once")
    func inFlight() async throws {
        let gate = Gate()
        let server = try TestServer(limits: limits { $0.requestsInFlight = 3 }) { request in
            if request.path == "/wait" { await gate.pass() }
            return .plain(200, "ok")
        }
        let waiting = try (0..<3).map { _ in try server.connect() }
        for connection in waiting { try await connection.send(.init("GET", "/wait", keepsConnection: true)) }
        #expect(await gate.hasArrivals(3))
        let other = try server.connect()
        // The handler has begun before its wait is counted.
        let isRefused = try await eventually {
            try await other.exchange(.init("GET", "/now", keepsConnection: true))?.status == 503
        }
        #expect(isRefused)
        #expect(server.events.contains(.tooManyRequests))
        await gate.open()
        for connection in waiting { #expect(try await connection.answer()?.status == 200) }
        let isTaken = try await eventually {
            try await other.exchange(.init("GET", "/now", keepsConnection: true))?.status == 200
        }
        #expect(isTaken)
        try await server.stop()
    }

    @Test("A handler that takes too long is cancelled and answered for; its own answer is dropped")
    func handlerDeadline() async throws {
        let cancelled = Gate()
        let server = try TestServer(workers: 1, limits: limits { $0.handlerTimeout = 0.1 }) { request in
            guard request.path == "/slow" else { return .plain(200, "ok") }
            while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
            await cancelled.pass()
            return .plain(200, "too late")
        }
        let connection = try server.connect()
        #expect(try await connection.exchange(.init("GET", "/slow", keepsConnection: true))?.status == 504)
        #expect(server.events.contains(.handlerTimeout))
        #expect(await cancelled.hasArrivals(1))
        await cancelled.open()
        #expect(try await connection.exchange(.init("GET", "/", keepsConnection: true))?.text == "ok\n")
        #expect(connection.isQuiet)
        try await server.stop()
    }

    @Test("A handler that ignores its cancellation counts until it returns")
    func handlerIgnoresDeadline() async throws {
        let gate = Gate()
        let limits = limits {
            $0.handlerTimeout = 0.1
            $0.requestsInFlight = 1
        }
        let server = try TestServer(workers: 1, limits: limits) { request in
            if request.path == "/wait" { await gate.pass() }
            return .plain(200, "ok")
        }
        let connection = try server.connect()
        #expect(try await connection.exchange(.init("GET", "/wait", keepsConnection: true))?.status == 504)
        #expect(try await connection.exchange(.init("GET", "/", keepsConnection: true))?.status == 503)
        await gate.open()
        let isTaken = try await eventually {
            try await connection.exchange(.init("GET", "/", keepsConnection: true))?.status == 200
        }
        #expect(isTaken)
        try await server.stop()
    }

    @Test("Large bodies that are still arriving take no more than their room; small ones find theirs all the same")
    func bodyRoom() async throws {
        let server = try TestServer(handler: echo)
        let large = FastCGIRequest(body: .init(repeating: 120, count: 1 << 20), keepsConnection: true)
        var held: [RawConnection] = []
        for _ in 0..<33 {
            let connection = try server.connect()
            try await connection.send(Array(large.bytes.dropLast(20)))
            held.append(connection)
        }
        let other = try server.connect()
        let isRefused = try await eventually { try await other.exchange(large)?.status == 503 }
        #expect(isRefused)
        #expect(server.events.contains(.tooManyBodies))
        let small = FastCGIRequest(body: .init(repeating: 120, count: BodyRoom.free), keepsConnection: true)
        #expect(try await other.exchange(small)?.status == 200)
        held = []
        let isTaken = try await eventually { try await other.exchange(large)?.status == 200 }
        #expect(isTaken)
        try await server.stop()
    }

    @Test("A request that does not become whole in time ends with its connection", arguments: [3, 20, 100])
    func readDeadline(bytes: Int) async throws {
        let server = try TestServer(workers: 1, limits: limits { $0.readTimeout = 0.1 }, handler: echo)
        let idle = try server.connect()
        #expect(try await idle.exchange(.init(body: utf8("a"), keepsConnection: true))?.text == "a")
        let connection = try server.connect()
        try await connection.send(Array(FastCGIRequest(body: .init(repeating: 1, count: 200)).bytes.prefix(bytes)))
        #expect(try await connection.receiveToEnd() == [])
        #expect(await server.reports(.readTimeout))
        // A kept connection without a request has no deadline.
        #expect(try await idle.exchange(.init(body: utf8("b"), keepsConnection: true))?.text == "b")
        try await server.stop()
    }

    @Test("A peer that takes nothing of its answer loses its connection")
    func writeDeadline() async throws {
        let server = try TestServer(workers: 1, limits: limits { $0.writeTimeout = 0.1 }) { _ in
            Response(body: .init(repeating: 1, count: 20 << 20))
        }
        let connection = try server.connect()
        try await connection.send(.init("GET", keepsConnection: true))
        #expect(await server.reports(.writeTimeout))
        try await server.stop()
    }

    @Test("At the limit of connections it stops accepting, and goes on by itself when one closes")
    func connections() async throws {
        let server = try TestServer(limits: limits { $0.connections = 2 }, handler: echo)
        let first = try server.connect()
        let second = try server.connect()
        for connection in [first, second] {
            #expect(try await connection.exchange(.init(body: utf8("a"), keepsConnection: true))?.text == "a")
        }
        #expect(await server.reports(.connectionLimit))
        let third = try server.connect()
        try await third.send(.init(body: utf8("third")))
        #expect(try await first.exchange(.init(body: utf8("b"), keepsConnection: true))?.text == "b")
        #expect(third.isQuiet)
        #expect(try await second.exchange(.init(body: utf8("c")))?.text == "c")
        #expect(try await third.answer()?.text == "third")
        #expect(await server.reports(.acceptingAgain))
        try await server.stop()
    }

    @Test("Many clients at once are all answered, by one worker or several", arguments: [1, 2, 4])
    func burst(workers: Int) async throws {
        let server = try TestServer(workers: workers) { request in
            if request.path == "/wait" { try? await Task.sleep(for: .milliseconds(1)) }
            return .plain(200, request.path)
        }
        let connections = try (0..<100).map { _ in try server.connect() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, connection) in connections.enumerated() {
                group.addTask {
                    for round in 0..<20 {
                        let path = (index + round) % 3 == 0 ? "/wait" : "/\(index)"
                        let request = FastCGIRequest("GET", path, keepsConnection: round < 19)
                        let answer = try await connection.exchange(request)
                        #expect(answer?.text == "\(path)\n")
                    }
                    let rest = try await connection.receiveToEnd()
                    #expect(rest == [])
                }
            }
            try await group.waitForAll()
        }
        try await server.stop()
    }

    @Test("A client that leaves costs only its own request")
    func leaves() async throws {
        let gate = Gate()
        let server = try TestServer(workers: 1) { request in
            if request.path == "/wait" { await gate.pass() }
            return Response(body: .init(repeating: 1, count: request.path == "/wait" ? 1 << 20 : 1))
        }
        let leaving = try server.connect()
        try await leaving.send(.init("GET", "/wait", keepsConnection: true))
        #expect(await gate.hasArrivals(1))
        leaving.leave()
        await gate.open()
        #expect(try await server.connect().exchange(.init("GET"))?.body == [1])
        try await server.stop()
    }

    @Test("A request whose peer has gone before its handler began is dropped")
    func gone() async throws {
        let began = Gate()
        let hold = BlockingGate()
        let server = try TestServer(workers: 1) { request in
            if request.path == "/hold" { hold.wait() }
            if request.path == "/gone" { await began.pass() }
            return .plain(200, "ok")
        }
        await began.open()
        let first = try server.connect()
        try await first.send(.init("GET", "/hold"))
        #expect(await eventually { hold.isWaiting })
        let gone = try server.connect()
        try await gone.send(.init("GET", "/gone", keepsConnection: true))
        gone.leave()
        hold.open()
        #expect(try await first.answer()?.text == "ok\n")
        #expect(await server.reports(.peerLeft))
        #expect(await began.arrivals == 0)
        try await server.stop()
    }
}
