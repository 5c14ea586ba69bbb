/// Puts an answer together from the records that a responder sends (FastCGI Specification 1.0, section 6.2).
public struct AnswerDecoder: Sendable {
    /// What came on STDOUT so far: a header and a body as a CGI program writes them.
    public private(set) var output: [UInt8] = []
    /// What came on STDERR so far: for a log.
    public private(set) var errors: [UInt8] = []
    /// Whether the request has ended, so that nothing follows.
    public private(set) var isComplete = false

    private var pending: [UInt8] = []

    /// Creates a decoder for one answer.
    public init() {}

    /// Takes what came over the connection.
    /// - Parameter bytes: The next bytes, cut anywhere.
    /// - Throws: ``AnswerError`` where they are no records, or the server refuses the request.
    public mutating func append(_ bytes: some Sequence<UInt8>) throws(AnswerError) {
        pending.append(contentsOf: bytes)
        var start = 0
        defer { if start > 0 { pending.removeFirst(start) } }
        while !isComplete, pending.count - start >= Record.headerLength {
            guard pending[start] == Record.version else { throw .notFastCGI }
            let content = Int(pending[start + 4]) << 8 | Int(pending[start + 5])
            let next = start + Record.headerLength + content + Int(pending[start + 6])
            guard pending.count >= next else { return }
            let bytes = pending[(start + Record.headerLength)...].prefix(content)
            switch pending[start + 1] {
            case Record.stdout: output.append(contentsOf: bytes)
            case Record.stderr: errors.append(contentsOf: bytes)
            case Record.endRequest:
                guard bytes.count >= 5 else { throw .notFastCGI }
                let status = bytes[bytes.startIndex + 4]
                guard status == 0 else { throw .refused(protocolStatus: status) }
                isComplete = true
            default: throw .notFastCGI
            }
            start = next
        }
    }
}

/// Why an answer cannot be read.
public enum AnswerError: Error, Sendable, Hashable {
    /// What came are no FastCGI records.
    case notFastCGI
    /// The server refused the request: protocolStatus of END_REQUEST (section 5.5).
    case refused(protocolStatus: UInt8)
    /// The output has no header, or one that cannot be read (RFC 3875, section 6.2).
    case noHeader
}
