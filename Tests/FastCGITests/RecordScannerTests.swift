import TestSupport
import Testing

@testable import FastCGI

@Suite("Scanning records")
struct RecordScannerTests {
    private func scan(_ bytes: [UInt8], pieces: Int, limit: Int = 1 << 16) throws(Refusal) -> (RecordScanner, used: Int)
    {
        var scanner = RecordScanner(parameterLimit: limit)
        var used = 0
        var rest = bytes[...]
        while !rest.isEmpty, !scanner.isWhole {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            used += try piece.withUnsafeBytes { bytes in
                Result { () throws(Refusal) in try scanner.scan(bytes) }
            }.get()
        }
        return (scanner, used)
    }

    @Test("A request is whole at its last byte, however it is cut", arguments: [1, 2, 3, 7, 8, 9, 64, 1000, 1 << 20])
    func whole(pieces: Int) throws {
        let long = String(repeating: "v", count: 300)
        let request = FastCGIRequest(
            "POST", "/a?b=c", parameters: [("X", ""), ("LONG", long)], body: .init(repeating: 7, count: 70000), id: 515,
            keepsConnection: true)
        let behind: [UInt8] = [1, 1, 0, 1]
        let (scanner, used) = try scan(request.bytes + behind, pieces: pieces)
        #expect(scanner.isWhole)
        #expect(used == request.bytes.count)
        #expect(scanner.requestID == 515)
        #expect(scanner.keepsConnection)
        #expect(scanner.bodyBytes == 70000)
        let beforeBody = request.records.prefix { $0.type != FastCGIRecord.Kind.stdin }.reduce(0) {
            $0 + $1.bytes.count
        }
        #expect(scanner.bytesBeforeBody == beforeBody)
    }

    @Test("Without its last byte it is not whole", arguments: [1, 100_000])
    func notWhole(pieces: Int) throws {
        let bytes = FastCGIRequest(body: [1, 2, 3]).bytes
        for count in 0..<bytes.count {
            let (scanner, used) = try scan(Array(bytes.prefix(count)), pieces: pieces)
            #expect(!scanner.isWhole)
            #expect(used == count)
        }
    }

    @Test("Padding belongs to the request, and padding that libfcgi would misread is noticed", arguments: [1, 100_000])
    func padding(pieces: Int) throws {
        var records = FastCGIRequest(body: [1, 2, 3]).records
        for index in records.indices { records[index].padding = 5 }
        let (padded, used) = try scan(records.flatMap(\.bytes), pieces: pieces)
        #expect(padded.isWhole && padded.padsABoundary)
        #expect(used == records.flatMap(\.bytes).count)
        let boundaries = records.indices.filter { $0 == 0 || records[$0].content.isEmpty }
        for index in boundaries { records[index].padding = 0 }
        #expect(try !scan(records.flatMap(\.bytes), pieces: pieces).0.padsABoundary)
        for index in boundaries {
            var one = records
            one[index].padding = 1
            #expect(try scan(one.flatMap(\.bytes), pieces: pieces).0.padsABoundary)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var refusal: Refusal
        var testDescription: String { name }
        init(_ name: String, _ records: [FastCGIRecord], _ refusal: Refusal) {
            self.name = name
            self.bytes = records.flatMap(\.bytes)
            self.refusal = refusal
        }
    }

    private typealias Kind = FastCGIRecord.Kind
    static let cases: [Case] = [
        Case("HTTP", [FastCGIRecord(bytes: "GET / HTTP/1.0\r\n\r\n")], .version(0x47)),
        Case("version 2", [version2], .version(2)),
        Case("version 2 later", [.begin(), version2], .version(2)),
        Case("GET_VALUES first", [FastCGIRecord(type: Kind.getValues, id: 0)], .begin(type: 9)),
        Case("GET_VALUES within", [.begin(), FastCGIRecord(type: Kind.getValues, id: 0)], .unexpected(type: 9)),
        Case("unknown type first", [FastCGIRecord(type: 77)], .begin(type: 77)),
        Case("unknown type within", [.begin(), FastCGIRecord(type: 77)], .unexpected(type: 77)),
        Case("PARAMS first", [.params([])], .begin(type: 4)),
        Case("request number 0", [.begin(id: 0)], .begin(type: 1)),
        Case("short BEGIN", [FastCGIRecord(type: 1, content: [0, 1])], .begin(type: 1)),
        Case("authorizer", [.begin(role: 2)], .role(2)),
        Case("filter", [.begin(role: 3)], .role(3)),
        Case("DATA", [.begin(), .params([]), FastCGIRecord(type: Kind.data)], .unexpected(type: 8)),
        Case("STDIN before the end of PARAMS", [.begin(), FastCGIRecord(type: 5)], .unexpected(type: 5)),
        Case("PARAMS behind their end", [.begin(), .params([]), .params([("A", "b")])], .unexpected(type: 4)),
        Case("STDOUT", [.begin(), FastCGIRecord(type: 6)], .unexpected(type: 6)),
        Case("second BEGIN", [.begin(), .begin()], .multiplexed),
        Case("second BEGIN of another number", [.begin(), .begin(id: 2)], .multiplexed),
        Case("PARAMS of another request", [.begin(), .params([("A", "b")], id: 2)], .multiplexed),
        Case("aborted", [.begin(), FastCGIRecord(type: Kind.abortRequest)], .aborted),
        Case(
            "a value longer than PARAMS",
            [.begin(), FastCGIRecord(type: 4, content: [1, 9, 65, 66]), .params([])], .malformedParameters),
        Case(
            "half a length", [.begin(), FastCGIRecord(type: 4, content: [0x80, 0]), .params([])], .malformedParameters),
        Case(
            "a name without a value's length", [.begin(), FastCGIRecord(type: 4, content: [1]), .params([])],
            .malformedParameters),
        Case(
            "a name of 2 GiB", [.begin(), FastCGIRecord(type: 4, content: [0xFF, 0xFF, 0xFF, 0xFF])],
            .parametersTooLarge(limit: 65536)),
        Case(
            "lengths that add up to over 2 GiB",
            [.begin(), FastCGIRecord(type: 4, content: [0xC0, 0, 0, 0, 0xC0, 0, 0, 0])],
            .parametersTooLarge(limit: 65536)),
        Case(
            "lengths that each fit and together do not",
            [.begin(), FastCGIRecord(type: 4, content: [0x80, 0, 0xFF, 0xFF, 0x80, 0, 0xFF, 0xFF])],
            .parametersTooLarge(limit: 65536)),
        Case(
            "too much of PARAMS",
            [.begin()] + (0..<3).map { _ in FastCGIRecord(type: 4, content: .init(repeating: 0, count: 32768)) },
            .parametersTooLarge(limit: 65536)),
    ]
    private static var version2: FastCGIRecord {
        var record = FastCGIRecord.begin()
        record.version = 2
        return record
    }

    @Test("What is not a request for a responder is refused", arguments: cases)
    func refused(_ wrong: Case) {
        for pieces in [1, 5, 1 << 20] {
            #expect(throws: wrong.refusal) { try scan(wrong.bytes, pieces: pieces) }
        }
    }

    @Test("Another protocol is told by its first byte")
    func firstByte() {
        #expect(throws: Refusal.version(0x16)) { try scan([0x16], pieces: 1) }
    }

    @Test("No bytes whatever make it fail")
    func noise() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = FastCGIRequest(body: [1, 2, 3]).bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = try? scan(bytes, pieces: Int.random(in: 1...40, using: &generator))
        }
    }
}

extension FastCGIRecord {
    /// Something that is no record, cut into the shape of one: its first eight bytes are the header.
    fileprivate init(bytes text: String) {
        let bytes = Array(text.utf8)
        self.init(type: bytes[1], id: UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
        version = bytes[0]
    }
}
