internal import OfficialAccount
internal import Yams

/// A service that a rule of a file forwards messages to: its address alone, or a mapping.
enum ForwardSection {
    private static let keys = ["url", "as", "timeout", "limit", "secret", "headers"]

    static func read(
        _ node: Node, credentials: Credentials?, hasFaultyCredentials: Bool, lifetime: Double,
        _ reader: inout YAMLReader
    ) -> Forward? {
        guard case .mapping = node else {
            guard let url = reader.value(node, key: "forward") else { return nil }
            return reader.make("forward", at: url.mark) { () throws(ServiceSettingError) in
                try Forward(url: url.text, sessionLifetime: lifetime)
            }
        }
        let before = reader.mistakes.errors.count
        guard let entries = reader.mapping(node, keys: keys, what: "forward") else { return nil }
        guard let address = entries["url"] else {
            reader.mistakes.add("forward has no url", at: node.mark)
            return nil
        }
        let url = reader.value(address, key: "url")
        let form = entries["as"].flatMap { reader.value($0, key: "as") }
        if let form, Forward.Form(rawValue: form.text) == nil {
            reader.mistakes.add("as: expected json or xml", at: form.mark)
        }
        let timeout = reader.answerTimeout(entries["timeout"], in: 1...600)
        let limit = reader.bytes(entries["limit"], key: "limit", in: 256...(16 << 20))
        let secret = entries["secret"].flatMap { reader.value($0, key: "secret")?.text }
        let headers = entries["headers"].map { readHeaders($0, &reader) } ?? []
        guard let url, reader.mistakes.errors.count == before else { return nil }
        // That the form takes credentials would only be said again.
        if form?.text == Forward.Form.xml.rawValue, credentials == nil, hasFaultyCredentials { return nil }
        return reader.make("forward", at: url.mark) { () throws(ServiceSettingError) in
            try Forward(
                url: url.text, form: form.flatMap { Forward.Form(rawValue: $0.text) } ?? .json,
                credentials: credentials, timeout: .seconds(timeout ?? 30), limit: limit ?? 64 << 10, secret: secret,
                headers: headers, sessionLifetime: lifetime)
        }
    }

    private static func readHeaders(_ node: Node, _ reader: inout YAMLReader) -> [ServiceHeader] {
        (reader.entries(node, what: "headers") ?? []).compactMap { name, node in
            guard let value = reader.value(node, key: name.text) else { return nil }
            return reader.make("forward", at: value.mark) { () throws(ServiceSettingError) in
                try ServiceHeader(name.text, value.text)
            }
        }
    }
}
