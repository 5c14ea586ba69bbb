import TestSupport
import Testing

@testable import FastCGI

@Suite("Scanning records")
struct RecordScannerTests {
    private func scan(_ bytes: [UInt8], pieces: Int, limit: Int = 1 << 16) throws(Refusal) -> (RecordScanner, used: Int)
    {
        let (scanner, _, used) = try collect(bytes, pieces: pieces, limit: limit)
        return (scanner, used)
    }

    private func collect(
        _ bytes: [UInt8], pieces: Int, limit: Int = 1 << 16, bodyLimit: Int = 1 << 20
    ) throws(Refusal) -> (RecordScanner, CollectedRequest?, used: Int) {
        var limits = Limits()
        limits.parameterBytes = limit
        limits.bodyBytes = bodyLimit
        var scanner = RecordScanner(limits: limits)
        var collected: CollectedRequest? = CollectedRequest(bodyLimit: bodyLimit)
        var used = 0
        var rest = bytes[...]
        while !rest.isEmpty, !scanner.isWhole {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            used += try piece.withUnsafeBytes { bytes in
                Result { () throws(Refusal) in try scanner.scan(bytes, into: &collected) }
            }.get()
        }
        return (scanner, collected, used)
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

    @Test("What is collected is the content alone, and no body over its limit", arguments: [1, 100, 1 << 20])
    func collected(pieces: Int) throws {
        let body = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        let variables = FastCGIRecord.params([("A", "b"), ("LONG", .init(repeating: "x", count: 500))])
        var records = [FastCGIRecord.begin(), variables, .params([])]
        records += body.map { FastCGIRecord(type: Kind.stdin, content: [$0]) } + [FastCGIRecord(type: Kind.stdin)]
        for index in records.indices { records[index].padding = 40 }
        let bytes = records.flatMap(\.bytes)
        for (limit, expected) in [(1000, body), (999, [])] {
            let (scanner, collected, _) = try collect(bytes, pieces: pieces, bodyLimit: limit)
            #expect(scanner.isWhole && scanner.bodyBytes == 1000)
            #expect(collected?.parameters == variables.content)
            #expect(collected?.body == expected)
        }
    }

    @Test("Headers and padding may outweigh content by the limits and no more")
    func overhead() throws {
        var records = [FastCGIRecord.begin(), .params([])]
        var one = FastCGIRecord(type: Kind.stdin, content: [1])
        one.padding = 255
        records += (0..<1000).map { _ in one }
        let bytes = records.flatMap(\.bytes)
        // 8 + 8 for the first two records; of each of the rest 262 more than its content.
        let excess = 16 + 262 * 1000
        let bodyLimit = excess - (64 << 10) - 1000
        #expect(try !collect(bytes, pieces: 1000, limit: 1000, bodyLimit: bodyLimit + 1).0.isWhole)
        #expect(throws: Refusal.overhead(limit: excess - 2)) {
            try collect(bytes, pieces: 1000, limit: 1000, bodyLimit: bodyLimit - 2)
        }
    }

    @Test("A body of 64 MiB in small padded records, as web servers send them, is not refused", arguments: [100, 8192])
    func wellBehaved(content: Int) throws {
        var scanner = RecordScanner(limits: Limits())
        var nothing: CollectedRequest?
        var record = FastCGIRecord(type: Kind.stdin, content: .init(repeating: 1, count: content))
        record.padding = 7
        let block = (0..<max((1 << 20) / content, 1)).flatMap { _ in record.bytes }
        try (FastCGIRecord.begin().bytes + FastCGIRecord.params([]).bytes).withUnsafeBytes {
            _ = try scanner.scan($0, into: &nothing)
        }
        for _ in 0..<64 { try block.withUnsafeBytes { _ = try scanner.scan($0, into: &nothing) } }
        #expect(scanner.bodyBytes >= 63 << 20)
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
