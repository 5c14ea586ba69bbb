import FastCGI
import TestSupport
import Testing

@Suite("The client's side")
struct ClientTests {
    @Test("A request goes to the server whole, whatever its size", arguments: [0, 1, 127, 128, 70_000, 300_000])
    func request(size: Int) async throws {
        let server = try TestServer { request in
            let body = (try? request.body) ?? []
            return Response(
                status: 201, contentType: "text/x", headers: [.init("X-Name", request.parameters["NAME"] ?? "")],
                body: body.reversed())
        }
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let name = String(repeating: "n", count: min(size, 50_000))
        let connection = try server.connect()
        try await connection.send(
            RequestEncoder.encode(
                parameters: Parameters(["REQUEST_METHOD": "POST", "CONTENT_LENGTH": "\(size)", "NAME": name]),
                body: body))
        var decoder = AnswerDecoder()
        // Cut into pieces that fit no record.
        for byte in try await connection.receiveToEnd() { try decoder.append(CollectionOfOne(byte)) }
        let isComplete = decoder.isComplete
        #expect(isComplete)
        let response = try Response(output: decoder.output)
        #expect(response.status == 201)
        #expect(response.contentType == "text/x")
        #expect(response.headers.first == .init("X-Name", name))
        let isReversed = response.body == body.reversed()
        #expect(isReversed)
        try await server.stop()
    }

    @Test("What came on STDERR is kept apart")
    func errors() throws {
        var decoder = AnswerDecoder()
        try decoder.append(FastCGIRecord(type: FastCGIRecord.Kind.stderr, content: [0x65], padding: 7).bytes)
        try decoder.append(FastCGIRecord(type: FastCGIRecord.Kind.stdout, content: [0x6F]).bytes)
        #expect(!decoder.isComplete)
        try decoder.append(
            FastCGIRecord(type: FastCGIRecord.Kind.endRequest, content: [0, 0, 0, 0, 0, 0, 0, 0]).bytes)
        #expect(decoder.isComplete)
        #expect(decoder.errors == [0x65])
        #expect(decoder.output == [0x6F])
    }

    @Test("What is no answer is refused")
    func wrong() {
        #expect(throws: AnswerError.notFastCGI) {
            var decoder = AnswerDecoder()
            try decoder.append(Array("HTTP/1.1 200 OK\r\n".utf8))
        }
        #expect(throws: AnswerError.refused(protocolStatus: 1)) {
            var decoder = AnswerDecoder()
            try decoder.append(
                FastCGIRecord(type: FastCGIRecord.Kind.endRequest, content: [0, 0, 0, 0, 1, 0, 0, 0]).bytes)
        }
        for output in ["", "no header", "Content-Type: a\n", ": a\n\n", "Status: many\n\n"] {
            #expect(throws: AnswerError.noHeader) { try Response(output: Array(output.utf8)) }
        }
    }

    @Test("A location without a status is a redirect, and no status is 200")
    func status() throws {
        #expect(try Response(output: Array("Location: /a\n\n".utf8)).status == 302)
        #expect(try Response(output: Array("Status: 303 x\r\nLocation: /a\r\n\r\n".utf8)).status == 303)
        #expect(
            try Response(output: Array("A: b\n\nbody".utf8))
                == Response(contentType: "", headers: [.init("A", "b")], body: Array("body".utf8)))
    }
}
