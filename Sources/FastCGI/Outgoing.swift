internal import CFastCGI
internal import Glibc

/// What is left to write of an answer, in the order of the wire, without a copy of a large body.
///
/// On the wire: `head`; then the body in records of ``AnswerEncoder/recordContent`` bytes, the last one shorter; then
/// `tail`. A small answer is all head.
struct Outgoing: Sendable {
    private let head: [UInt8]
    private let body: [UInt8]
    private let tail: [UInt8]
    private let requestID: UInt16
    private var sent = 0

    /// The rest of an answer that is encoded already.
    init(encoded: [UInt8]) {
        head = encoded
        body = []
        tail = []
        requestID = 0
    }

    /// An answer with a large body.
    init(_ response: Response, requestID: UInt16) {
        var block: [UInt8] = []
        HeaderBlock.append(response, to: &block)
        var head: [UInt8] = []
        AnswerEncoder.appendStream(block, requestID: requestID, to: &head)
        self.head = head
        body = response.body
        let last = body.count % AnswerEncoder.recordContent
        var tail = [UInt8](repeating: 0, count: -last & 7)
        AnswerEncoder.appendEnd(requestID: requestID, to: &tail)
        self.tail = tail
        self.requestID = requestID
    }

    private var recordCount: Int { (body.count + AnswerEncoder.recordContent - 1) / AnswerEncoder.recordContent }
    private var total: Int { head.count + recordCount * Record.headerLength + body.count + tail.count }

    enum Progress { case whole, blocked(wroteSome: Bool), failed }

    /// Writes as much as the peer takes now.
    mutating func write(to fd: Int32) -> Progress {
        let before = sent
        while sent < total {
            let count = writeOnce(to: fd)
            if count > 0 {
                sent += count
            } else if count < 0, errno == EAGAIN {
                return .blocked(wroteSome: sent > before)
            } else if count < 0, errno == EINTR {
                continue
            } else {
                return .failed
            }
        }
        return .whole
    }

    /// One system call for up to sixteen records, which is more than a socket's buffer takes at once.
    private func writeOnce(to fd: Int32) -> Int {
        let stride = Record.headerLength + AnswerEncoder.recordContent
        let inBody = max(sent - head.count, 0)
        // Never behind the last record: where that one is short, what follows it may still be within its stride.
        let first = min(inBody / stride, max(recordCount - 1, 0))
        let last = min(first + 16, recordCount)
        var framing: [UInt8] = []
        for index in first..<last {
            let content = min(AnswerEncoder.recordContent, body.count - index * AnswerEncoder.recordContent)
            AnswerEncoder.appendHeader(
                type: Record.stdout, requestID: requestID, content: content, padding: -content & 7, to: &framing)
        }
        return head.withUnsafeBytes { head in
            body.withUnsafeBytes { body in
                tail.withUnsafeBytes { tail in
                    framing.withUnsafeBytes { framing in
                        var vector: [iovec] = []
                        var skip = first == 0 ? sent : sent - head.count - first * stride
                        func add(_ bytes: UnsafeRawBufferPointer) {
                            let skipped = min(skip, bytes.count)
                            skip -= skipped
                            guard bytes.count > skipped, let base = bytes.baseAddress else { return }
                            // The C interface takes what it only reads by a mutable pointer.
                            vector.append(
                                iovec(
                                    iov_base: UnsafeMutableRawPointer(mutating: base + skipped),
                                    iov_len: bytes.count - skipped))
                        }
                        if first == 0 { add(head) }
                        for index in first..<last {
                            let start = index * AnswerEncoder.recordContent
                            let end = min(start + AnswerEncoder.recordContent, body.count)
                            let header = (index - first) * Record.headerLength
                            add(UnsafeRawBufferPointer(rebasing: framing[header..<header + Record.headerLength]))
                            add(UnsafeRawBufferPointer(rebasing: body[start..<end]))
                        }
                        if last == recordCount { add(tail) }
                        return vector.withUnsafeMutableBufferPointer {
                            cfastcgi_send_vector(fd, $0.baseAddress, $0.count)
                        }
                    }
                }
            }
        }
    }
}
