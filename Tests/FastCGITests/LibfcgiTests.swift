import CFastCGI
import Glibc
import TestSupport
import Testing

@testable import FastCGI

/// Pins what this module relies on and libfcgi does not promise.
@Suite("What libfcgi does")
struct LibfcgiTests {
    private func withPair(_ body: (_ ours: Int32, _ theirs: Int32) throws -> Void) throws {
        Library.initialize()
        var pair: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0, &pair) == 0)
        defer { pair.forEach { close($0) } }
        try body(pair[0], pair[1])
    }

    private func send(_ bytes: [UInt8], to fd: Int32) throws {
        try #require(write(fd, bytes, bytes.count) == bytes.count)
    }

    @Test("It reads a request from a descriptor it did not accept, and leaves that open")
    func descriptor() throws {
        try withPair { ours, theirs in
            var reader = try RequestReader()
            for keeps in [false, true, false] {
                try send(FastCGIRequest(body: [1, 2, 3], keepsConnection: keeps).bytes, to: theirs)
                var unused: [UInt8] = []
                let request = try read(&reader, ours, bodyBytes: 3, unused: &unused)
                #expect(try request.body == [1, 2, 3])
                #expect(request.method == "POST")
                #expect(unused.isEmpty)
                #expect(fcntl(ours, F_GETFD) >= 0)
            }
        }
    }

    @Test("What it read behind a request is found in its buffer", arguments: [0, 1, 8, 100, 5000])
    func unused(count: Int) throws {
        try withPair { ours, theirs in
            var reader = try RequestReader()
            let behind = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            try send(FastCGIRequest(body: [9]).bytes + behind, to: theirs)
            var unused: [UInt8] = []
            let request = try read(&reader, ours, bodyBytes: 1, unused: &unused)
            #expect(try request.body == [9])
            #expect(unused == behind)
        }
    }

    @Test("It reads the same from memory, padded or not", arguments: [0, 1, 255] as [UInt8])
    func memory(padding: UInt8) throws {
        Library.initialize()
        var reader = try RequestReader()
        for size in [0, 1, 8192, 65528, 65529, 200_000] {
            let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            var records = FastCGIRequest("POST", "/p", parameters: [("A", "b")], body: body).records
            for index in records.indices { records[index].padding = padding }
            let collected = try collect(records)
            let read = reader.read(collected, requestID: 1, bodyBytes: size, limit: 1 << 20)
            let request = try #require(read)
            #expect(try request.body == body)
            #expect(request.parameters["A"] == "b")
            #expect(request.parameters["FCGI_ROLE"] == "RESPONDER")
        }
    }

    @Test(
        "Where it fails it closes the socket, says so, and neither shuts the connection down nor waits for its peer",
        arguments: [
            FastCGIRecord(type: 77).bytes, FastCGIRecord.begin(role: 9).bytes,
            FastCGIRecord.begin().bytes + FastCGIRecord(type: 4, content: [1, 9, 65]).bytes
                + FastCGIRecord(type: 4).bytes,
        ])
    func failure(bytes: [UInt8]) throws {
        try withPair { ours, theirs in
            var reader = try RequestReader()
            // The same socket by another number, which shows what was done to it. The peer's end of sending makes sure
            // that libfcgi does not wait for more.
            let given = fcntl(ours, F_DUPFD_CLOEXEC, 0)
            try send(bytes, to: theirs)
            shutdown(theirs, Int32(SHUT_WR))
            var unused: [UInt8] = []
            guard case .failedAndClosed = reader.read(socket: given, bodyBytes: 0, limit: 10, unused: &unused) else {
                Issue.record("not closed")
                return
            }
            var byte: UInt8 = 0
            #expect(cfastcgi_peek(theirs, &byte, 1) == -1 && errno == EAGAIN)
        }
    }

    @Test("After it has closed the memory file the next request gets another one")
    func memoryFailure() throws {
        Library.initialize()
        var reader = try RequestReader()
        var malformed = CollectedRequest(bodyLimit: 10)
        ([1, 9, 65] as [UInt8]).withUnsafeBytes { malformed.append(parameters: $0) }
        let good = try collect(FastCGIRequest(body: [1, 2]).records)
        for _ in 0..<3 {
            let first = reader.read(malformed, requestID: 1, bodyBytes: 0, limit: 10)
            #expect(first == nil)
            // Whoever gets the number meanwhile keeps it.
            let other = cfastcgi_eventfd()
            defer { close(other) }
            let second = reader.read(good, requestID: 1, bodyBytes: 2, limit: 10)
            let request = try #require(second)
            #expect(try request.body == [1, 2])
            #expect(fcntl(other, F_GETFD) >= 0)
        }
    }

    private struct NotRead: Error {}

    private func read(
        _ reader: inout RequestReader, _ socket: Int32, bodyBytes: Int, unused: inout [UInt8]
    ) throws -> Request {
        guard case .request(let request) = reader.read(socket: socket, bodyBytes: bodyBytes, limit: 10, unused: &unused)
        else { throw NotRead() }
        return request
    }

    private func collect(_ records: [FastCGIRecord]) throws -> CollectedRequest {
        var scanner = RecordScanner(limits: Limits())
        var collected: CollectedRequest? = CollectedRequest(bodyLimit: 1 << 20)
        try records.flatMap(\.bytes).withUnsafeBytes { _ = try scanner.scan($0, into: &collected) }
        return try #require(collected)
    }
}
