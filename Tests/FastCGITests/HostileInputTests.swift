import FastCGI
import TestSupport
import Testing

/// With a raw client only, where nothing else is said: nginx sends neither management records nor two requests at once on
/// a connection, takes none back (it closes the connection), pads as the protocol wants it, and contradicts no length.
@Suite("What a server does not take")
struct HostileInputTests {
    @Test(
        "Each refusal closes its connection, reports why, and costs nobody else anything",
        arguments: RecordScannerTests.cases)
    func refused(_ wrong: RecordScannerTests.Case) async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let other = try server.connect()
        #expect(try await other.exchange(.init(body: utf8("before"), keepsConnection: true))?.text == "before")
        for behindAnother in [false, true] {
            let connection = try server.connect()
            if behindAnother {
                #expect(try await connection.exchange(.init(body: utf8("a"), keepsConnection: true))?.text == "a")
            }
            try? await connection.send(wrong.bytes)
            #expect(try await connection.receiveToEnd() == [])
        }
        #expect(await server.reports(.refused(wrong.refusal)))
        #expect(try await other.exchange(.init(body: utf8("after"), keepsConnection: true))?.text == "after")
        try await server.stop()
    }

    @Test("GET_VALUES with repeated names, which would overflow libfcgi's stack, never reaches it")
    func getValues() async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let names = (0..<200).flatMap { _ in FastCGIRecord.pair("FCGI_MPXS_CONNS", "") }
        for start in [[], [FastCGIRecord.begin()], FastCGIRequest().records] as [[FastCGIRecord]] {
            let connection = try server.connect()
            let values = FastCGIRecord(type: FastCGIRecord.Kind.getValues, id: 0, content: names)
            try await connection.send((start + [values]).flatMap(\.bytes))
            _ = try await connection.receiveToEnd()
        }
        #expect(try await server.connect().exchange(.init(body: utf8("alive")))?.text == "alive")
        try await server.stop()
    }

    private static let paddings: [[UInt8]] = [
        .init(repeating: 0, count: 8),
        .init(repeating: 0, count: 255),
        FastCGIRecord(
            type: FastCGIRecord.Kind.getValues, id: 0,
            content: (0..<14).flatMap { _ in FastCGIRecord.pair("FCGI_MAX_CONNS", "") }
        ).bytes,
        FastCGIRecord.params([("INJECTED", "yes")]).bytes,
        FastCGIRecord(type: FastCGIRecord.Kind.params, content: [0x80, 0x10, 0, 0, 0, 97]).bytes,
        FastCGIRecord(type: FastCGIRecord.Kind.params).bytes,
    ]

    @Test("Padding is never read as records, whichever record has it and whatever it holds", arguments: paddings)
    func padding(padding: [UInt8]) async throws {
        let server = try TestServer(workers: 1) { request in
            let body = (try? request.body).map { String(decoding: $0, as: UTF8.self) } ?? "wrong"
            return .plain(200, "\(request.method) \(request.parameters["INJECTED"] ?? "no") \(body)")
        }
        let request = FastCGIRequest(body: utf8("body"), keepsConnection: true)
        let connection = try server.connect()
        for index in request.records.indices {
            var records = request.records
            records[index].padding = UInt8(padding.count)
            records[index].paddingContent = padding
            try await connection.send(records.flatMap(\.bytes))
            #expect(try await connection.answer()?.text == "POST no body\n")
        }
        try await server.stop()
    }

    @Test("A request cut into a great many padded records closes its connection, and a body so cut is read")
    func overhead() async throws {
        var limits = Limits()
        limits.parameterBytes = 1000
        limits.bodyBytes = 1000
        let server = try TestServer(workers: 1, limits: limits, handler: echo)
        let body = [UInt8](repeating: 120, count: 200)
        var records = FastCGIRequest(parameters: [("CONTENT_LENGTH", "200")]).records.dropLast()
        records += body.map { FastCGIRecord(type: 5, content: [$0], padding: 255) }
        let connection = try server.connect()
        try await connection.send((records + [FastCGIRecord(type: 5)]).flatMap(\.bytes))
        #expect(try await connection.answer()?.body == body)
        let other = try server.connect()
        let more = records.filter { $0.padding == 255 }
        try? await other.send((records + more + [FastCGIRecord(type: 5)]).flatMap(\.bytes))
        #expect(try await other.receiveToEnd() == [])
        #expect(await server.reports(.refused(.overhead(limit: 2000 + (64 << 10)))))
        try await server.stop()
    }

    @Test("A second request beside an unfinished one closes the connection; neither handler begins")
    func multiplexed() async throws {
        let gate = Gate()
        let server = try TestServer(workers: 1) { _ in
            await gate.pass()
            return .plain(200, "")
        }
        let connection = try server.connect()
        let first = FastCGIRequest(body: utf8("first"), id: 1).records
        let second = FastCGIRequest(body: utf8("second"), id: 2).records
        try await connection.send((first.dropLast() + second + [first[first.count - 1]]).flatMap(\.bytes))
        #expect(try await connection.receiveToEnd() == [])
        #expect(await server.reports(.refused(.multiplexed)))
        #expect(await gate.arrivals == 0)
        try await server.stop()
    }

    @Test("A request taken back before it was whole is dropped", arguments: [2, 3])
    func aborted(records: Int) async throws {
        let server = try TestServer(workers: 1, handler: echo)
        let connection = try server.connect()
        let start = FastCGIRequest(body: utf8("never")).records.prefix(records)
        try await connection.send(start.flatMap(\.bytes))
        try await connection.send(FastCGIRecord(type: FastCGIRecord.Kind.abortRequest))
        #expect(try await connection.receiveToEnd() == [])
        #expect(await server.reports(.refused(.aborted)))
        try await server.stop()
    }

    @Test("A request that its peer cuts short is dropped", arguments: [1, 8, 30, 100, 240])
    func cutShort(bytes: Int) async throws {
        let gate = Gate()
        let server = try TestServer(workers: 1) { _ in
            await gate.pass()
            return .plain(200, "")
        }
        let connection = try server.connect()
        try await connection.send(Array(FastCGIRequest(body: .init(repeating: 1, count: 200)).bytes.prefix(bytes)))
        connection.endSending()
        #expect(try await connection.receiveToEnd() == [])
        #expect(await server.reports(.cutShort))
        #expect(await gate.arrivals == 0)
        try await server.stop()
    }

    @Test("Variables may be as long as the limit and no longer", arguments: [0, 1])
    func parameters(over: Int) async throws {
        var limits = Limits()
        limits.parameterBytes = 100_000
        let server = try TestServer(workers: 1, limits: limits) {
            .plain(200, "\($0.parameters["LONG"]?.utf8.count ?? 0)")
        }
        let count = 100_000 - FastCGIRecord.pair("LONG", .init(repeating: "x", count: 200)).count + 200 + over
        let content = FastCGIRecord.pair("LONG", .init(repeating: "x", count: count))
        let records =
            [.begin(), FastCGIRecord(type: 4, content: Array(content.prefix(60_000)))]
            + [FastCGIRecord(type: 4, content: Array(content.dropFirst(60_000))), FastCGIRecord(type: 4)]
            + [FastCGIRecord(type: 5)]
        let connection = try server.connect()
        if over == 0 {
            try await connection.send(records.flatMap(\.bytes))
            #expect(try await connection.answer()?.text == "\(count)\n")
        } else {
            // It may be refused before all of it is sent.
            try? await connection.send(records.flatMap(\.bytes))
            #expect(try await connection.receiveToEnd() == [])
            #expect(server.events.contains(.refused(.parametersTooLarge(limit: 100_000))))
        }
        try await server.stop()
    }
}
