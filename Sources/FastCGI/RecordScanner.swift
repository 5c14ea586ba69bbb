/// Follows the records of one request as their bytes arrive, in pieces of any size, and says when the request is whole.
///
/// It looks at each byte once, so what it costs is linear however the bytes trickle in. It exists because
/// libfcgi must never be handed anything but one whole and well-formed request: it would block in the middle of half a
/// request and has no limits of its own.
struct RecordScanner: Sendable {
    private enum Stage: Sendable { case begin, params, stdin, end }
    private enum PairPart: Sendable { case nameLength, valueLength, pair }

    /// The request's number on its connection.
    private(set) var requestID: UInt16 = 0
    /// Whether the web server wants to use the connection for another request.
    private(set) var keepsConnection = false
    /// The bytes of STDIN records so far.
    private(set) var bodyBytes = 0
    /// Whether padding stands where libfcgi forgets that it is padding and would take it for records: behind
    /// FCGI_BEGIN_REQUEST, where it begins another stream, and behind the record that ends a stream.
    private(set) var padsABoundary = false

    /// Up to here headers and padding may outweigh content, in bytes: no web server comes near it, and it bounds what a
    /// request costs that is cut into a great many records.
    private let overheadLimit: Int
    private let parameterLimit: Int
    private var stage = Stage.begin
    private var headerBytes = 0
    private var header: UInt64 = 0
    private var content = 0
    private var padding = 0
    private var beginBytes = 0
    private var beginBody: UInt64 = 0
    private var type: UInt8 = 0
    private var parameterBytes = 0
    private var overheadBytes = 0
    private var pairPart = PairPart.nameLength
    private var lengthBytes = 0
    private var length = 0
    private var pairBytes = 0

    init(limits: Limits) {
        parameterLimit = limits.parameterBytes
        overheadLimit = limits.overheadBytes
    }

    /// Whether the request has arrived to the end of its STDIN.
    var isWhole: Bool { stage == .end && padding == 0 }

    /// Takes the next bytes.
    /// - Parameter collected: Gets the contents of their records, where someone wants them.
    /// - Returns: How many of them belong to this request: all, unless it became whole before their end.
    mutating func scan(
        _ bytes: UnsafeRawBufferPointer, into collected: inout CollectedRequest?
    ) throws(Refusal) -> Int {
        var index = 0
        while index < bytes.count, !isWhole {
            if content > 0 {
                let count = min(content, bytes.count - index)
                try scanContent(UnsafeRawBufferPointer(rebasing: bytes[index..<index + count]), into: &collected)
                content -= count
                index += count
            } else if padding > 0 {
                let count = min(padding, bytes.count - index)
                padding -= count
                index += count
            } else {
                if headerBytes == 0, bytes.count - index >= Record.headerLength {
                    header = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                    index += Record.headerLength
                } else {
                    header = header << 8 | UInt64(bytes[index])
                    headerBytes += 1
                    index += 1
                    // Told at once: a peer that speaks another protocol may never send eight bytes.
                    if headerBytes == 1, header != UInt64(Record.version) { throw .version(UInt8(header)) }
                    if headerBytes < Record.headerLength { continue }
                }
                headerBytes = 0
                try scanHeader()
                header = 0
            }
        }
        return index
    }

    private mutating func scanHeader() throws(Refusal) {
        let version = UInt8(truncatingIfNeeded: header >> 56)
        guard version == Record.version else { throw .version(version) }
        type = UInt8(truncatingIfNeeded: header >> 48)
        let id = UInt16(truncatingIfNeeded: header >> 32)
        content = Int(UInt16(truncatingIfNeeded: header >> 16))
        padding = Int(UInt8(truncatingIfNeeded: header >> 8))
        overheadBytes += Record.headerLength + padding
        guard overheadBytes - parameterBytes - bodyBytes <= overheadLimit else { throw .overhead(limit: overheadLimit) }
        if stage == .begin {
            guard beginBytes == 0, type == Record.beginRequest, id != 0, content == 8 else { throw .begin(type: type) }
            requestID = id
            padsABoundary = padding > 0
            return
        }
        guard id == requestID else {
            if id == 0 { throw .unexpected(type: type) }
            throw .multiplexed
        }
        switch (type, stage) {
        case (Record.params, .params):
            parameterBytes += content
            guard parameterBytes <= parameterLimit else { throw .parametersTooLarge(limit: parameterLimit) }
            if content == 0 {
                guard pairPart == .nameLength, lengthBytes == 0 else { throw .malformedParameters }
                stage = .stdin
                padsABoundary = padsABoundary || padding > 0
            }
        case (Record.stdin, .stdin):
            bodyBytes += content
            if content == 0 {
                stage = .end
                padsABoundary = padsABoundary || padding > 0
            }
        case (Record.abortRequest, _): throw .aborted
        case (Record.beginRequest, _): throw .multiplexed
        default: throw .unexpected(type: type)
        }
    }

    private mutating func scanContent(
        _ bytes: UnsafeRawBufferPointer, into collected: inout CollectedRequest?
    ) throws(Refusal) {
        switch type {
        case Record.beginRequest: try scanBegin(bytes)
        case Record.params:
            try scanPairs(bytes)
            collected?.append(parameters: bytes)
        default: collected?.append(body: bytes)
        }
    }

    private mutating func scanBegin(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        for byte in bytes { beginBody = beginBody << 8 | UInt64(byte) }
        beginBytes += bytes.count
        guard beginBytes == 8 else { return }
        let role = UInt16(truncatingIfNeeded: beginBody >> 48)
        guard role == Record.responder else { throw .role(role) }
        keepsConnection = UInt8(truncatingIfNeeded: beginBody >> 40) & Record.keepConnectionFlag != 0
        stage = .params
    }

    /// Name-value pairs (section 3.4): two lengths of one or four bytes, then the name and the value. A pair may be split
    /// between records at any byte.
    private mutating func scanPairs(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        var index = 0
        while index < bytes.count {
            if pairPart == .nameLength, lengthBytes == 0, let count = Self.shortPair(in: bytes, at: index) {
                guard count <= parameterLimit else { throw .parametersTooLarge(limit: parameterLimit) }
                index += 2 + count
            } else if pairPart == .pair {
                let count = min(pairBytes, bytes.count - index)
                pairBytes -= count
                index += count
            } else {
                let byte = Int(bytes[index])
                index += 1
                if lengthBytes == 0, byte & 0x80 != 0 {
                    length = byte & 0x7F
                    lengthBytes = 3
                    continue
                }
                length = lengthBytes == 0 ? byte : length << 8 | byte
                lengthBytes = max(lengthBytes - 1, 0)
                if lengthBytes > 0 { continue }
                pairBytes += length
                // Refused from the length alone: libfcgi would allocate it.
                guard pairBytes <= parameterLimit else { throw .parametersTooLarge(limit: parameterLimit) }
                pairPart = pairPart == .nameLength ? .valueLength : .pair
            }
            if pairPart == .pair, pairBytes == 0 { pairPart = .nameLength }
        }
    }

    /// How long the name and the value of a pair are together, where both lengths are of one byte and all of it is
    /// here: most pairs are such.
    private static func shortPair(in bytes: UnsafeRawBufferPointer, at index: Int) -> Int? {
        guard index + 2 <= bytes.count, (bytes[index] | bytes[index + 1]) & 0x80 == 0 else { return nil }
        let count = Int(bytes[index]) + Int(bytes[index + 1])
        return index + 2 + count <= bytes.count ? count : nil
    }
}
