/// A request as a client of a web server sends it.
package struct HTTPRequest: Sendable {
    package enum Body: Sendable {
        case none
        /// With Content-Length.
        case bytes([UInt8])
        /// In two chunks, with Transfer-Encoding: chunked.
        case chunked([UInt8])
    }

    package var method: String
    /// Path and query, escaped as they go over the line.
    package var target: String
    package var headers: [(name: String, value: String)]
    package var body: Body

    package init(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: Body = .none
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    package var path: String { String(target.prefix { $0 != "?" }) }
    package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
    package var bodyBytes: [UInt8] {
        switch body {
        case .none: []
        case .bytes(let bytes), .chunked(let bytes): bytes
        }
    }
}

/// An answer, from a web server or from a CGI program.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of a header field, whatever the case of its name.
    package subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Reads what a CGI program wrote: header fields, of which Status may be one, and a body (RFC 3875, section 6).
    package init(cgiOutput bytes: [UInt8]) throws {
        status = 200
        (headers, body) = try Self.splitHead(of: bytes, skippingLines: 0)
        if let field = self["Status"], let code = Int(field.prefix(3)) { status = code }
    }

    /// Reads what a web server sent on a connection that it has closed.
    package init(http bytes: [UInt8]) throws {
        let line = bytes.prefix { $0 != UInt8(ascii: "\r") }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let code = Int(words[1]) else {
            throw TestError(
                "not an HTTP answer: \(String(decoding: bytes.prefix(200), as: UTF8.self).debugDescription)")
        }
        status = code
        (headers, body) = try Self.splitHead(of: bytes, skippingLines: 1)
        if status == 100 { self = try Self(http: body) }
        if self["Transfer-Encoding"]?.lowercased() == "chunked" {
            body = try Self.joinChunks(of: body)
        } else if let length = self["Content-Length"].flatMap(Int.init), body.count != length {
            throw TestError("Content-Length is \(length), the body has \(body.count) bytes")
        }
    }

    private static func splitHead(
        of bytes: [UInt8], skippingLines skipped: Int
    ) throws -> (headers: [(name: String, value: String)], body: [UInt8]) {
        var rest = bytes[...]
        var headers: [(name: String, value: String)] = []
        for number in 0... {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw TestError("the head has no end") }
            var line = String(decoding: rest[..<end], as: UTF8.self)
            if line.hasSuffix("\r") { line.removeLast() }
            rest = rest[(end + 1)...]
            if number < skipped { continue }
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":") else { throw TestError("not a header field: \(line)") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append((String(line[..<colon]), String(value)))
        }
        return (headers, Array(rest))
    }

    private static func joinChunks(of bytes: [UInt8]) throws -> [UInt8] {
        var rest = bytes[...]
        var result: [UInt8] = []
        while true {
            let line = rest.prefix { $0 != UInt8(ascii: "\r") }
            guard let size = Int(String(decoding: line, as: UTF8.self), radix: 16) else {
                throw TestError("a chunk without a size")
            }
            rest = rest.dropFirst(line.count + 2)
            guard size > 0 else { return result }
            guard rest.count >= size + 2 else { throw TestError("a chunk is cut short") }
            result += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
    }
}
