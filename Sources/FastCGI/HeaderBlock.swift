/// The header of an answer as a CGI program writes it (RFC 3875, section 6.2): fields, then an empty line.
enum HeaderBlock {
    /// Appends the header of `response`.
    ///
    /// `Content-Length` is there unless the response brings its own or may have none, so that the web server need not
    /// send chunks. A line end inside a name or a value becomes a space: it would end the field and let its rest be read
    /// as another one.
    /// - Parameter saysOK: Whether `Status` is there for 200 too, which every web server assumes where it is not: a
    ///   person at a shell does not.
    static func append(_ response: Response, saysOK: Bool = false, to bytes: inout [UInt8]) {
        if response.status != 200 || saysOK {
            append("Status: ", to: &bytes)
            append(number: response.status, to: &bytes)
            bytes.append(0x20)
            append(reason(response.status), to: &bytes)
            append("\r\n", to: &bytes)
        }
        if !response.contentType.isEmpty {
            append("Content-Type: ", to: &bytes)
            appendLine(response.contentType, to: &bytes)
            append("\r\n", to: &bytes)
        }
        var hasLength = response.status == 204 || response.status == 304 || response.status < 200
        for field in response.headers {
            append(name: field.name, value: field.value, to: &bytes)
            if field.name.utf8.count == 14, field.name.lowercased() == "content-length" { hasLength = true }
        }
        if !hasLength {
            append("Content-Length: ", to: &bytes)
            append(number: response.body.count, to: &bytes)
            append("\r\n", to: &bytes)
        }
        append("\r\n", to: &bytes)
    }

    private static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private static func append(number: Int, to bytes: inout [UInt8]) {
        if number >= 10 { append(number: number / 10, to: &bytes) }
        bytes.append(0x30 + UInt8(truncatingIfNeeded: number % 10))
    }

    private static func append(name: String, value: String, to bytes: inout [UInt8]) {
        appendLine(name, to: &bytes)
        append(": ", to: &bytes)
        appendLine(value, to: &bytes)
        append("\r\n", to: &bytes)
    }

    private static func appendLine(_ text: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
        for index in start..<bytes.count where bytes[index] == 0x0D || bytes[index] == 0x0A || bytes[index] == 0 {
            bytes[index] = 0x20
        }
    }

    /// The reason phrases of RFC 9110, section 15, that an answer of a program is likely to need.
    private static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Status"
        }
    }
}
