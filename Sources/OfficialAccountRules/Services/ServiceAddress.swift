internal import FoundationEssentials

/// Where a service is reached.
struct ServiceAddress: Sendable, Equatable {
    /// The whole address, which may hold a key: not for descriptions.
    let url: String
    /// Host and port, for descriptions.
    let name: String

    /// Reads an address from a setting.
    /// - Throws: ``ServiceSettingError`` without the text.
    init(parsing text: String) throws(ServiceSettingError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = URL(string: text),
            let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http",
            let host = url.host(), !host.isEmpty, url.fragment() == nil
        else {
            throw ServiceSettingError(
                "url",
                "the address must be like https://bot.example.com/wechat, http:// or https://, without # and spaces")
        }
        let authority = text.dropFirst(scheme.utf8.count + 3).prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else {
            throw ServiceSettingError(
                "url", "the address must not hold a user and a password; set the header Authorization instead")
        }
        self.url = text
        let shown = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        name = url.port.map { "\(shown):\($0)" } ?? shown
    }

    /// The address with more parameters in its query.
    /// - Parameter query: The parameters, escaped.
    func adding(_ query: String) -> String { "\(url)\(url.contains("?") ? "&" : "?")\(query)" }
}
