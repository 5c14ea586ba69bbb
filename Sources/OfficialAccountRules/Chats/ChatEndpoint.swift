internal import FoundationEssentials

/// The whole address of a chat endpoint, such as `https://api.example.com/v1/chat/completions`.
public struct ChatEndpoint: Sendable, Hashable {
    /// The address as it is called; it may hold what others need not see.
    let url: String
    /// Host and port, for descriptions.
    let host: String
    /// Whether nobody on the way can read what is sent: it is encrypted, or does not leave the machine.
    let isProtected: Bool

    /// Reads an address from a setting.
    /// - Parameter text: `https://` or `http://`, a host, and the path; at most 2,048 characters.
    /// - Throws: ``ChatSettingsError``, without the text.
    public init(parsing text: String) throws(ChatSettingsError) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = URL(string: text),
            let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http",
            let host = url.host(), !host.isEmpty, url.user() == nil, url.password() == nil, url.fragment() == nil,
            (url.port.map { (1...65535).contains($0) }) ?? true
        else {
            throw ChatSettingsError(
                "endpoint",
                "must be the whole address, such as https://api.example.com/v1/chat/completions, with http or https and "
                    + "without user, password and fragment")
        }
        self.url = text
        self.host = url.port.map { "\(host):\($0)" } ?? host
        let local = ["localhost", "127.0.0.1", "::1", "[::1]"]
        isProtected = scheme == "https" || local.contains(host.lowercased())
    }
}

extension ChatEndpoint: CustomStringConvertible, CustomReflectable {
    /// Host and port.
    public var description: String { host }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
