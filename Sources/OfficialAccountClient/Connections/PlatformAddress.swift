internal import FoundationEssentials

/// Where the platform's interface is reached: the platform itself, a proxy in front of it, or a simulated one.
public struct PlatformAddress: Sendable, Hashable {
    /// Scheme, host, port and path, without a slash at the end.
    let base: String
    /// Host and port, for descriptions.
    let host: String

    /// The platform's own address, `https://api.weixin.qq.com`.
    public static let weixin = PlatformAddress(base: "https://api.weixin.qq.com", host: "api.weixin.qq.com")

    private init(base: String, host: String) {
        self.base = base
        self.host = host
    }

    /// Reads an address from a setting.
    /// - Parameter text: `https://` or `http://`, a host, and where needed a port and a path to which `/cgi-bin/…` is
    ///   added. With `http://` the AppSecret crosses the network unencrypted.
    /// - Throws: ``PlatformAddressError``, without the text.
    public init(parsing text: String) throws(PlatformAddressError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = URL(string: text),
            let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http",
            let host = url.host(), !host.isEmpty, !text.utf8.contains(where: { $0 == UInt8(ascii: "@") }),
            url.query() == nil, url.fragment() == nil
        else { throw PlatformAddressError() }
        var base = text
        while base.hasSuffix("/") { base.removeLast() }
        self.init(base: base, host: url.port.map { "\(host):\($0)" } ?? host)
    }
}

extension PlatformAddress: CustomStringConvertible {
    /// Host and port.
    public var description: String { host }
}

/// A text is not an address of the platform's interface.
public struct PlatformAddressError: Error, Hashable, CustomStringConvertible {
    /// What is expected.
    public var description: String {
        """
        the platform's address must be like https://api.weixin.qq.com, with a port and a path where needed, without user, \
        query and fragment
        """
    }
}
