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
    /// Whether the client wants to send another request on the connection.
    package var keepsConnection = false

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
        var rest = bytes[...]
        status = 200
        headers = try Self.takeHeaders(from: &rest)
        body = Array(rest)
        if let field = self["Status"], let code = Int(field.prefix(3)) { status = code }
    }

    /// Reads what a web server sent on a connection that it has closed.
    package init(http bytes: [UInt8]) throws {
        var rest = bytes[...]
        try self.init(takingFrom: &rest)
        guard rest.isEmpty else { throw TestError("there are \(rest.count) bytes behind the answer") }
    }

    /// Reads the answers that a web server sent one after the other on a connection that it has closed.
    package static func all(http bytes: [UInt8]) throws -> [HTTPResponse] {
        var rest = bytes[...]
        var result: [HTTPResponse] = []
        while !rest.isEmpty { result.append(try Self(takingFrom: &rest)) }
        return result
    }

    private init(takingFrom rest: inout ArraySlice<UInt8>) throws {
        let start = rest
        let words = String(decoding: Self.takeLine(from: &rest) ?? [], as: UTF8.self).split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let code = Int(words[1]) else {
            throw TestError(
                "not an HTTP answer: \(String(decoding: start.prefix(200), as: UTF8.self).debugDescription)")
        }
        status = code
        headers = try Self.takeHeaders(from: &rest)
        body = []
        if status == 100 {
            self = try Self(takingFrom: &rest)
        } else if self["Transfer-Encoding"]?.lowercased() == "chunked" {
            body = try Self.takeChunks(from: &rest)
        } else {
            let length = self["Content-Length"].flatMap(Int.init) ?? rest.count
            guard rest.count >= length else {
                throw TestError("Content-Length is \(length), the body has \(rest.count) bytes")
            }
            body = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
    }

    /// Takes a line, and gives it without its end.
    private static func takeLine(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end].last == UInt8(ascii: "\r") ? rest[..<end].dropLast() : rest[..<end]
    }

    private static func takeHeaders(
        from rest: inout ArraySlice<UInt8>
    ) throws -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        while true {
            guard let line = takeLine(from: &rest) else { throw TestError("the head has no end") }
            if line.isEmpty { return headers }
            let text = String(decoding: line, as: UTF8.self)
            guard let colon = text.firstIndex(of: ":") else { throw TestError("not a header field: \(text)") }
            headers.append((String(text[..<colon]), String(text[text.index(after: colon)...].drop { $0 == " " })))
        }
    }

    private static func takeChunks(from rest: inout ArraySlice<UInt8>) throws -> [UInt8] {
        var result: [UInt8] = []
        while true {
            guard let line = takeLine(from: &rest), let size = Int(String(decoding: line, as: UTF8.self), radix: 16)
            else { throw TestError("a chunk without a size") }
            guard rest.count >= size + 2 else { throw TestError("a chunk is cut short") }
            result += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
            if size == 0 { return result }
        }
    }
}
