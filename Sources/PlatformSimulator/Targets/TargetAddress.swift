public import FastCGI

/// Where a server is, as it is written on a command line.
public enum TargetAddress: Sendable, Equatable {
    /// An account's URL.
    case http(String)
    /// A FastCGI server, reached without a web server in between.
    case fastCGI(ListenAddress)
    /// A program that answers as plain CGI: its path.
    case cgi(String)

    /// Reads an address.
    /// - Parameter text: `http://…`, `https://…`, `fastcgi:unix:/run/some.sock`, `fastcgi:127.0.0.1:9000` or
    ///   `cgi:/path/to/program`.
    /// - Throws: ``TargetAddressError``.
    public init(parsing text: String) throws(TargetAddressError) {
        if text.hasPrefix("cgi:"), text.utf8.count > 4 {
            self = .cgi(String(text.dropFirst(4)))
        } else if text.hasPrefix("fastcgi:") {
            let place = text.dropFirst(8)
            do {
                self = .fastCGI(try ListenAddress(parsing: String(place.hasPrefix("//") ? place.dropFirst(2) : place)))
            } catch { throw TargetAddressError(text) }
        } else if WebAddress(text) != nil {
            self = .http(text)
        } else {
            throw TargetAddressError(text)
        }
    }

    /// What requests go to.
    /// - Parameters:
    ///   - path: The path of the account's URL, where the address is not an URL.
    ///   - variables: What a web server's configuration would add, where the address is not an URL.
    public func target(path: String = "/wechat", variables: [String: String] = [:]) -> any CallbackTarget {
        switch self {
        case .http(let url): HTTPTarget(url)
        case .fastCGI(let address): FastCGITarget(address, path: path, variables: variables)
        case .cgi(let program): CGITarget(program: program, path: path, variables: variables)
        }
    }
}

/// A text is not the address of a server.
public struct TargetAddressError: Error, Hashable, CustomStringConvertible {
    /// What was likely meant, in the order of likelihood.
    private let guesses: [String]

    /// Creates the error.
    /// - Parameter text: What was read, from which is guessed what was meant.
    public init(_ text: String = "") { guesses = Self.guesses(text) }

    private static func guesses(_ text: String) -> [String] {
        if text.hasPrefix("unix:") { return ["fastcgi:\(text)"] }
        if text.hasPrefix("/") { return ["fastcgi:unix:\(text)", "cgi:\(text)"] }
        guard !text.contains("://"), let url = WebAddress("http://\(text)"),
            url.findings.allSatisfy({ $0.code == .urlPort }),
            url.host.contains(".") || url.host == "localhost" || url.isNumeric
        else { return [] }
        let isPlace = url.isNumeric && url.path.isEmpty && (try? ListenAddress(parsing: text)) != nil
        return ["http://\(text)"] + (isPlace ? ["fastcgi:\(text)"] : [])
    }

    /// What is expected, and where it can be guessed, what was meant.
    public var description: String {
        let meant = guesses.isEmpty ? "" : "did you mean \(guesses.joined(separator: ", or "))? "
        return """
            \(meant)expected http://host/path, https://host/path, fastcgi:unix:/path/to/socket, fastcgi:127.0.0.1:9000 or \
            cgi:/path/to/program
            """
    }
}
