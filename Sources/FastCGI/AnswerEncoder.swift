/// Encodes an answer as the records of a responder (FastCGI Specification 1.0, section 6.2): STDOUT with the header and
/// the body, its end, and END_REQUEST, so that it can go out in one write.
enum AnswerEncoder {
    /// The most content a record takes that needs no padding.
    static let recordContent = 65528
    /// Up to here a body is copied behind its header, which costs less than a vector of parts.
    static let copiedBody = 32 << 10

    /// Appends all of an answer.
    static func append(_ response: Response, requestID: UInt16, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Record.headerLength))
        HeaderBlock.append(response, to: &bytes)
        let headerLength = bytes.count - start - Record.headerLength
        if headerLength + response.body.count <= recordContent {
            bytes.append(contentsOf: response.body)
            endRecord(start: start, requestID: requestID, in: &bytes)
        } else {
            // Rare: a header so large that it takes records of its own.
            let content = Array(bytes[(start + Record.headerLength)...]) + response.body
            bytes.removeSubrange(start...)
            appendStream(content, requestID: requestID, to: &bytes)
        }
        appendEnd(requestID: requestID, to: &bytes)
    }

    /// The end of STDOUT and of the request.
    static func appendEnd(requestID: UInt16, to bytes: inout [UInt8]) {
        appendHeader(type: Record.stdout, requestID: requestID, content: 0, padding: 0, to: &bytes)
        appendHeader(type: Record.endRequest, requestID: requestID, content: 8, padding: 0, to: &bytes)
        bytes.append(contentsOf: repeatElement(0, count: 8))
    }

    static func appendHeader(type: UInt8, requestID: UInt16, content: Int, padding: Int, to bytes: inout [UInt8]) {
        bytes.append(Record.version)
        bytes.append(type)
        bytes.append(UInt8(truncatingIfNeeded: requestID >> 8))
        bytes.append(UInt8(truncatingIfNeeded: requestID))
        bytes.append(UInt8(truncatingIfNeeded: content >> 8))
        bytes.append(UInt8(truncatingIfNeeded: content))
        bytes.append(UInt8(truncatingIfNeeded: padding))
        bytes.append(0)
    }

    static func appendStream(_ content: [UInt8], requestID: UInt16, to bytes: inout [UInt8]) {
        var index = 0
        while index < content.count {
            let count = min(recordContent, content.count - index)
            let padding = -count & 7
            appendHeader(type: Record.stdout, requestID: requestID, content: count, padding: padding, to: &bytes)
            bytes.append(contentsOf: content[index..<index + count])
            bytes.append(contentsOf: repeatElement(0, count: padding))
            index += count
        }
    }

    /// Fills in the header of the one record that begins at `start` and ends with the bytes, and pads it.
    static func endRecord(start: Int, requestID: UInt16, in bytes: inout [UInt8]) {
        let content = bytes.count - start - Record.headerLength
        let padding = -content & 7
        bytes[start] = Record.version
        bytes[start + 1] = Record.stdout
        bytes[start + 2] = UInt8(truncatingIfNeeded: requestID >> 8)
        bytes[start + 3] = UInt8(truncatingIfNeeded: requestID)
        bytes[start + 4] = UInt8(truncatingIfNeeded: content >> 8)
        bytes[start + 5] = UInt8(truncatingIfNeeded: content)
        bytes[start + 6] = UInt8(truncatingIfNeeded: padding)
        for _ in 0..<padding { bytes.append(0) }
    }
}
