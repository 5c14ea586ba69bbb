/// A URL in its parts, as far as the way to a server needs them (RFC 3986).
struct WebAddress: Sendable, Equatable {
    var isSecure: Bool
    /// Name or address, without the brackets of an IPv6 address.
    var host: String
    var port: Int
    /// From the first slash on, without query; empty where there is none.
    var path: String
    /// Why the platform would not take it.
    var findings: [Finding] = []

    /// Takes a URL apart.
    /// - Returns: `nil` where there is no host to go to.
    init?(_ url: String) {
        guard let schemeEnd = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<schemeEnd.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        isSecure = scheme == "https"
        let rest = url[schemeEnd.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let behind = rest[authority.endIndex...]
        path = String(behind.prefix { !"?#".contains($0) })
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard let (host, port) = Self.hostAndPort(place), !host.isEmpty else { return nil }
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        if authority.contains("@") { findings.append(Self.form("the URL holds a user's name", "leave it out")) }
        if behind.contains("#") { findings.append(Self.form("the URL holds a fragment (#)", "leave it out")) }
        if url.contains(where: { $0.isWhitespace || !$0.isASCII }) {
            findings.append(
                Self.form("the URL holds white space or letters beyond ASCII", "write them percent-encoded"))
        }
        if !isLocal, self.port != (isSecure ? 443 : 80) {
            findings.append(
                Finding(
                    .urlPort, "the port is \(self.port), and the platform calls 80 for http and 443 for https",
                    "let a web server at that port pass the path on, and register the URL without a port"))
        }
    }

    /// Whether no name or address outside of this machine and its network is meant.
    var isLocal: Bool {
        AddressScope(host)?.isPrivate ?? (!host.contains(".") || host.hasSuffix(".local") || host.hasSuffix(".lan"))
    }

    /// Whether the host is an address and has no name to look up.
    var isNumeric: Bool { AddressScope(host) != nil }

    private static func form(_ seen: String, _ advice: String) -> Finding { Finding(.urlForm, seen, advice) }

    private static func hostAndPort(_ text: Substring) -> (String, Int?)? {
        var host = text
        var port: Int?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let behind = text[text.index(after: end)...]
            if behind.first == ":" { port = Int(behind.dropFirst()) }
            guard behind.isEmpty || port != nil else { return nil }
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = Int(text[text.index(after: colon)...])
            guard port != nil else { return nil }
        }
        guard port.map((1...65535).contains) ?? true else { return nil }
        return (String(host), port)
    }
}
