internal import OfficialAccountBot

/// Where a Redis server is and how to log in, as its URL says it.
struct RedisAddress: Sendable, Equatable {
    enum Place: Sendable, Equatable {
        case tcp(host: String, port: Int32)
        case unix(String)
    }

    private static let forms =
        "redis://[user][:password@]host[:port][/database] and redis+unix:/path[?db=database]; other characters than letters, "
        + "digits, -._~ in a user or a password are written as %XX"

    var place: Place
    var user: String?
    var password: String?
    var database = 0

    /// Reads a URL.
    /// - Throws: ``StoreError`` that does not quote the URL: it holds the password.
    init(parsing url: String) throws(StoreError) {
        guard let colon = url.firstIndex(of: ":") else {
            throw StoreError("the URL of the Redis server has no scheme; it is one of \(Self.forms)")
        }
        let rest = url[url.index(after: colon)...]
        switch url[..<colon].lowercased() {
        case "redis": self = try Self.tcp(rest)
        case "redis+unix", "unix": self = try Self.unix(rest)
        case "rediss", "valkeys":
            throw StoreError(
                "Redis over TLS (rediss:) is not supported: have stunnel (Debian's stunnel4) listen on 127.0.0.1 in client "
                    + "mode and connect to the server, and name redis://127.0.0.1 with its port here")
        default: throw StoreError("the URL of the Redis server has another scheme; it is one of \(Self.forms)")
        }
    }

    private init(_ place: Place) { self.place = place }

    private static func tcp(_ rest: Substring) throws(StoreError) -> RedisAddress {
        guard rest.hasPrefix("//") else { throw malformed }
        let (authority, tail) = split(rest.dropFirst(2), at: "/")
        guard !authority.contains("?"), !authority.contains("#") else { throw malformed }
        let (login, server) = splitLogin(authority)
        var host = server
        var port: Int32 = 6379
        // A colon in brackets is part of an IPv6 address.
        if let colon = server.lastIndex(of: ":"), !server[colon...].contains("]") {
            guard let number = UInt16(server[server.index(after: colon)...]), number > 0 else { throw malformed }
            port = Int32(number)
            host = server[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw malformed
        }
        guard !host.isEmpty else { throw malformed }
        var address = RedisAddress(.tcp(host: try decoded(host), port: port))
        try address.setLogin(login)
        if let tail, !tail.isEmpty { try address.setDatabase(tail) }
        return address
    }

    private static func unix(_ rest: Substring) throws(StoreError) -> RedisAddress {
        var rest = rest
        var login: Substring?
        if rest.hasPrefix("//") {
            let (authority, tail) = split(rest.dropFirst(2), at: "/")
            let server: Substring
            (login, server) = splitLogin(authority)
            guard server.isEmpty, let tail else { throw malformed }
            rest = "/" + tail
        }
        let (path, query) = split(rest, at: "?")
        guard path.hasPrefix("/") else { throw malformed }
        var address = RedisAddress(.unix(try decoded(path)))
        try address.setLogin(login)
        if let query, !query.isEmpty {
            guard query.hasPrefix("db=") else { throw malformed }
            try address.setDatabase(query.dropFirst(3))
        }
        return address
    }

    private mutating func setLogin(_ login: Substring?) throws(StoreError) {
        guard let login else { return }
        let (user, password) = Self.split(login, at: ":")
        guard let password else {
            throw StoreError("the URL of the Redis server has a user without a password; it is one of \(Self.forms)")
        }
        if !user.isEmpty { self.user = try Self.decoded(user) }
        if !password.isEmpty { self.password = try Self.decoded(password) }
    }

    private mutating func setDatabase(_ text: Substring) throws(StoreError) {
        guard let number = UInt16(text) else {
            throw StoreError(
                "the database in the URL of the Redis server is not a number; the URL is one of \(Self.forms)")
        }
        database = Int(number)
    }

    private static var malformed: StoreError {
        StoreError("the URL of the Redis server is not one of \(forms)")
    }

    /// The part before a character, and that behind it where it occurs.
    private static func split(_ text: Substring, at character: Character) -> (Substring, Substring?) {
        guard let index = text.firstIndex(of: character) else { return (text, nil) }
        return (text[..<index], text[text.index(after: index)...])
    }

    private static func splitLogin(_ authority: Substring) -> (Substring?, Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, authority) }
        return (authority[..<at], authority[authority.index(after: at)...])
    }

    /// Undoes percent-encoding (RFC 3986, section 2.1).
    private static func decoded(_ text: Substring) throws(StoreError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                throw StoreError("a % in the URL of the Redis server stands for itself only as %25")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard !bytes.contains(0) else { throw malformed }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension RedisAddress: CustomStringConvertible, CustomReflectable {
    /// Where the server is, without user and password.
    var description: String {
        switch place {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    var customMirror: Mirror { Mirror(self, children: []) }
}
