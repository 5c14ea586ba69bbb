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
            let reader = try RequestReader()
            for keeps in [false, true, false] {
                try send(FastCGIRequest(body: [1, 2, 3], keepsConnection: keeps).bytes, to: theirs)
                var unused: [UInt8] = []
                let request = try #require(reader.read(socket: ours, bodyBytes: 3, limit: 10, unused: &unused))
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
            let reader = try RequestReader()
            let behind = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            try send(FastCGIRequest(body: [9]).bytes + behind, to: theirs)
            var unused: [UInt8] = []
            let request = try #require(reader.read(socket: ours, bodyBytes: 1, limit: 10, unused: &unused))
            #expect(try request.body == [9])
            #expect(unused == behind)
        }
    }

    @Test("It reads the same from memory, padded or not", arguments: [0, 1, 255] as [UInt8])
    func memory(padding: UInt8) throws {
        Library.initialize()
        let reader = try RequestReader()
        for size in [0, 1, 8192, 100_000] {
            let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            var records = FastCGIRequest("POST", "/p", parameters: [("A", "b")], body: body).records
            for index in records.indices { records[index].padding = padding }
            let request = try #require(
                records.flatMap(\.bytes).withUnsafeBytes {
                    reader.read(records: $0, requestID: 1, bodyBytes: size, limit: 1 << 20)
                })
            #expect(try request.body == body)
            #expect(request.parameters["A"] == "b")
            #expect(request.parameters["FCGI_ROLE"] == "RESPONDER")
        }
    }
}
