/// A whole request, as a web server would send it.
package struct FastCGIRequest: Sendable {
    package var id: UInt16
    package var keepsConnection: Bool
    package var parameters: [(String, String)]
    package var body: [UInt8]

    /// - Parameters:
    ///   - target: The path and query asked for.
    ///   - parameters: Further variables; those that are made from the other arguments give way to them.
    package init(
        _ method: String = "POST", _ target: String = "/", parameters: [(String, String)] = [], body: [UInt8] = [],
        id: UInt16 = 1, keepsConnection: Bool = false
    ) {
        self.id = id
        self.keepsConnection = keepsConnection
        self.body = body
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        var all = [
            ("REQUEST_METHOD", method), ("REQUEST_URI", target), ("QUERY_STRING", String(query)),
            ("CONTENT_LENGTH", method == "GET" ? "" : "\(body.count)"), ("SERVER_PROTOCOL", "HTTP/1.1"),
            ("GATEWAY_INTERFACE", "CGI/1.1"),
        ]
        all.removeAll { made in parameters.contains { $0.0 == made.0 } }
        self.parameters = all + parameters
    }

    package var records: [FastCGIRecord] {
        var records: [FastCGIRecord] = [.begin(id: id, keep: keepsConnection)]
        var content = parameters.flatMap { FastCGIRecord.pair($0, $1) }[...]
        while !content.isEmpty {
            records.append(
                FastCGIRecord(type: FastCGIRecord.Kind.params, id: id, content: Array(content.prefix(65535))))
            content = content.dropFirst(65535)
        }
        records.append(FastCGIRecord(type: FastCGIRecord.Kind.params, id: id))
        var rest = body[...]
        while !rest.isEmpty {
            records.append(FastCGIRecord(type: FastCGIRecord.Kind.stdin, id: id, content: Array(rest.prefix(32768))))
            rest = rest.dropFirst(32768)
        }
        return records + [FastCGIRecord(type: FastCGIRecord.Kind.stdin, id: id)]
    }

    package var bytes: [UInt8] { records.flatMap(\.bytes) }
}
