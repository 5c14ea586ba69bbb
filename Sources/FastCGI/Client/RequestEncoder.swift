/// Encodes a request as a web server sends it to a responder (FastCGI Specification 1.0, sections 3.3 and 6.2).
public enum RequestEncoder {
    /// The most content a record takes that needs no padding.
    private static let recordContent = 65528

    /// Encodes a request that has a connection of its own, which the server closes behind its answer.
    /// - Parameters:
    ///   - parameters: The variables of the request, in order.
    ///   - body: The body.
    /// - Returns: BEGIN_REQUEST, PARAMS and STDIN, as they go over the connection.
    public static func encode(parameters: Parameters, body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(type: Record.beginRequest, [0, UInt8(Record.responder), 0, 0, 0, 0, 0, 0], to: &bytes)
        var pairs: [UInt8] = []
        for (name, value) in parameters {
            append(length: name.utf8.count, to: &pairs)
            append(length: value.utf8.count, to: &pairs)
            pairs.append(contentsOf: name.utf8)
            pairs.append(contentsOf: value.utf8)
        }
        appendStream(type: Record.params, pairs, to: &bytes)
        appendStream(type: Record.stdin, body, to: &bytes)
        return bytes
    }

    /// Appends a stream and the empty record that ends it.
    private static func appendStream(type: UInt8, _ content: [UInt8], to bytes: inout [UInt8]) {
        var rest = content[...]
        while !rest.isEmpty {
            append(type: type, rest.prefix(recordContent), to: &bytes)
            rest = rest.dropFirst(recordContent)
        }
        append(type: type, [], to: &bytes)
    }

    private static func append(type: UInt8, _ content: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        let padding = -content.count & 7
        AnswerEncoder.appendHeader(type: type, requestID: 1, content: content.count, padding: padding, to: &bytes)
        bytes.append(contentsOf: content)
        bytes.append(contentsOf: repeatElement(0, count: padding))
    }

    /// Appends the length of a name or a value: one byte where it fits, else four (section 3.4).
    private static func append(length: Int, to bytes: inout [UInt8]) {
        guard length >= 0x80 else { return bytes.append(UInt8(length)) }
        withUnsafeBytes(of: (UInt32(truncatingIfNeeded: length) | 0x8000_0000).bigEndian) {
            bytes.append(contentsOf: $0)
        }
    }
}
