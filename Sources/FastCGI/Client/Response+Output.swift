extension Response {
    /// Reads what a CGI program wrote, or a FastCGI server sent on STDOUT: a header and a body (RFC 3875, section 6.2).
    ///
    /// `Status` becomes the status, 200 where there is none; a `Location` without one makes it 302.
    /// - Parameter output: All of the output.
    /// - Throws: ``AnswerError/noHeader``.
    public init(output: [UInt8]) throws(AnswerError) {
        self.init(status: 200, contentType: "")
        var hasStatus = false
        var rest = output[...]
        while true {
            guard let end = rest.firstIndex(of: 0x0A) else { throw .noHeader }
            var line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.last == 0x0D { line.removeLast() }
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex else { throw .noHeader }
            let name = String(decoding: line[..<colon], as: UTF8.self)
            let value = String(decoding: line[(colon + 1)...].drop { $0 == 0x20 }, as: UTF8.self)
            switch name.lowercased() {
            case "status":
                guard let status = Int(value.prefix { $0 != " " }) else { throw .noHeader }
                self.status = status
                hasStatus = true
            case "content-type": contentType = value
            case "location":
                if !hasStatus { status = 302 }
                headers.append(Header(name, value))
            default: headers.append(Header(name, value))
            }
        }
        body = Array(rest)
    }
}
