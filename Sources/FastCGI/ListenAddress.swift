/// Where a server listens.
public enum ListenAddress: Sendable, Equatable {
    /// A Unix socket by its path; one that begins with `@` is in the abstract name space (unix(7)).
    case unix(String)
    /// A TCP port of an address of this machine's, in digits: IPv4 or IPv6.
    case tcp(host: String, port: UInt16)

    /// Reads an address as it is written in settings.
    /// - Parameter text: `unix:/run/some.sock`, `/run/some.sock`, `127.0.0.1:9000` or `[::1]:9000`. A port alone, `:9000`,
    ///   is that of 127.0.0.1; `*:9000` is that of every IPv4 address, so that other machines may connect.
    /// - Throws: ``ListenError/malformedAddress(_:)``.
    public init(parsing text: String) throws(ListenError) {
        if text.hasPrefix("unix:") || text.hasPrefix("/") || text.hasPrefix("@") {
            let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
            guard !path.isEmpty else { throw .malformedAddress(text) }
            self = .unix(path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            throw .malformedAddress(text)
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            // Without brackets nobody can tell where the address ends and the port begins.
            throw .malformedAddress(text)
        }
        // What can be reached from elsewhere is only what somebody has asked for.
        self = .tcp(host: host.isEmpty ? "127.0.0.1" : host == "*" ? "0.0.0.0" : host, port: port)
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The address as ``init(parsing:)`` reads it.
    public var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
