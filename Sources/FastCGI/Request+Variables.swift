extension Request {
    /// The request method (RFC 3875, section 4.1.12), such as `GET`; empty where the web server passes none.
    public var method: String { parameters["REQUEST_METHOD"] ?? "" }

    /// The path that was asked for, percent-decoded once.
    ///
    /// Web servers split it into SCRIPT_NAME and PATH_INFO in ways of their own, so it is taken from REQUEST_URI, which
    /// nginx, Apache, lighttpd, HAProxy and Caddy all pass as the client sent it; only without one from SCRIPT_NAME and
    /// PATH_INFO (RFC 3875, sections 4.1.13 and 4.1.5), which are decoded already.
    public var path: String {
        guard let target = parameters.bytes(of: "REQUEST_URI"), !target.isEmpty else {
            return (parameters["SCRIPT_NAME"] ?? "") + (parameters["PATH_INFO"] ?? "")
        }
        var path = target[..<(target.firstIndex(of: 0x3F) ?? target.endIndex)]
        if path.first != 0x2F, let authority = Self.indexBehindScheme(path) {
            // The absolute form of RFC 9112, section 3.2.2, which a proxy may use.
            path = path[(path[authority...].firstIndex(of: 0x2F) ?? path.endIndex)...]
            if path.isEmpty { return "/" }
        }
        return String(decoding: PercentDecoding.decode(path, plusIsSpace: false), as: UTF8.self)
    }

    /// The query, read where it stands (RFC 3875, section 4.1.7).
    public var query: Query { Query(parameters.bytes(of: "QUERY_STRING") ?? []) }

    private static func indexBehindScheme(_ target: ArraySlice<UInt8>) -> Int? {
        guard let colon = target.firstIndex(of: 0x3A), target[colon...].starts(with: "://".utf8) else { return nil }
        return colon + 3
    }
}
