internal import OfficialAccountBot
internal import Yams

/// The chats of an account of a file, by name.
enum ChatSection {
    private static let keys = [
        "endpoint", "model", "key", "system", "history", "history_characters", "history_age", "rate", "rate_notice",
        "reset_words", "reset_reply", "answer_limit", "timeout", "plain", "parameters",
    ]

    /// Reads the chats.
    /// - Returns: The chats by name, and the names of those in which there was a mistake.
    static func read(_ node: Node, _ reader: inout YAMLReader) -> (chats: [String: any Answerer], faulty: Set<String>) {
        var chats: [String: any Answerer] = [:]
        var faulty: Set<String> = []
        for (name, node) in reader.entries(node, what: "chats") ?? [] {
            if let chat = readChat(name, node, &reader) { chats[name.text] = chat } else { faulty.insert(name.text) }
        }
        return (chats, faulty)
    }

    private static func readChat(_ name: YAMLReader.Value, _ node: Node, _ reader: inout YAMLReader) -> Chat? {
        let before = reader.mistakes.errors.count
        guard let entries = reader.mapping(node, keys: keys, what: "a chat") else { return nil }
        for key in ["endpoint", "model"] where entries[key] == nil {
            reader.mistakes.add("the chat '\(name.text.prefix(40))' has no \(key)", at: name.mark)
        }
        let endpoint = reader.parse(entries["endpoint"], "endpoint", ChatEndpoint.init(parsing:))
        let model = entries["model"].flatMap { reader.value($0, key: "model")?.text }
        let key = reader.parse(entries["key"], "key", ChatKey.init(parsing:))
        let texts = ["system", "rate_notice", "reset_reply"].map { key in
            entries[key].flatMap { reader.value($0, key: key)?.text }
        }
        let messages = reader.count(entries["history"], key: "history", in: 0...200)
        let characters = reader.count(entries["history_characters"], key: "history_characters", in: 100...64_000)
        let age = reader.seconds(entries["history_age"], key: "history_age", in: 1...31_536_000)
        let words = entries["reset_words"].flatMap { reader.values($0, key: "reset_words")?.map(\.text) }
        let limit = reader.bytes(entries["answer_limit"], key: "answer_limit", in: 256...65_536)
        let timeout = reader.answerTimeout(entries["timeout"], in: 1...3600)
        let rate = entries["rate"].map { readRate($0, &reader) } ?? .standard
        let isPlain = entries["plain"].flatMap { readYesNo($0, key: "plain", &reader) }
        let parameters = entries["parameters"].map { readParameters($0, &reader) } ?? [:]
        guard let endpoint, let model, reader.mistakes.errors.count == before else { return nil }
        do throws(ChatSettingsError) {
            let whole = timeout ?? ChatTimeouts.standard.whole
            let settings = try ChatSettings(
                name: name.text, endpoint: endpoint, model: model, key: key, system: texts[0],
                parameters: parameters,
                history: try ChatBounds(
                    messages: messages ?? ChatBounds.standard.messages,
                    characters: characters ?? ChatBounds.standard.characters, age: age ?? ChatBounds.standard.age),
                rate: rate, rateNotice: texts[1] ?? ChatSettings.defaultRateNotice,
                resetWords: words ?? ChatSettings.defaultResetWords,
                resetReply: texts[2] ?? ChatSettings.defaultResetReply, answerLimit: limit ?? 16 << 10,
                timeouts: try ChatTimeouts(
                    firstByte: min(ChatTimeouts.standard.firstByte, whole),
                    silence: min(ChatTimeouts.standard.silence, whole), whole: whole), isPlain: isPlain ?? true)
            if settings.sendsKeyUnencrypted {
                reader.mistakes.warn(
                    "endpoint: with http:// the key crosses the network for all to read; use https://",
                    at: entries["endpoint"]?.mark)
            }
            return Chat(settings)
        } catch {
            reader.mistakes.add("\(error)", at: entries[error.setting]?.mark ?? name.mark)
            return nil
        }
    }

    /// `20/10m`, or `none` for as often as users like.
    private static func readRate(_ node: Node, _ reader: inout YAMLReader) -> ChatRate? {
        guard let value = reader.value(node, key: "rate"), value.text != "none" else { return nil }
        let parts = value.text.split(separator: "/", maxSplits: 1).map(String.init)
        if parts.count == 2, let questions = SettingSyntax.count(parts[0]),
            let period = SettingSyntax.seconds(parts[1]),
            let rate = try? ChatRate(questions: questions, period: Double(period))
        {
            return rate
        }
        reader.mistakes.add("rate: expected questions in a time, such as 20/10m, or none", at: value.mark)
        return nil
    }

    private static func readYesNo(_ node: Node, key: String, _ reader: inout YAMLReader) -> Bool? {
        guard let value = reader.value(node, key: key) else { return nil }
        switch value.text.lowercased() {
        case "yes", "true", "on": return true
        case "no", "false", "off": return false
        default:
            reader.mistakes.add("\(key): expected yes or no", at: value.mark)
            return nil
        }
    }

    /// A value in quotes is a text; another one is what it looks like.
    private static func readParameters(_ node: Node, _ reader: inout YAMLReader) -> [String: ChatParameter] {
        var parameters: [String: ChatParameter] = [:]
        for (name, node) in reader.entries(node, what: "parameters") ?? [] {
            guard let value = reader.value(node, key: name.text) else { continue }
            var isQuoted = false
            if case .scalar(let scalar) = node { isQuoted = [.singleQuoted, .doubleQuoted].contains(scalar.style) }
            parameters[name.text] =
                if isQuoted { .text(value.text) } else if let number = Int(value.text) {
                    .integer(number)
                } else if let number = Double(value.text) {
                    .number(number)
                } else if let value = ["true": true, "false": false][value.text] { .boolean(value) } else {
                    .text(value.text)
                }
        }
        return parameters
    }
}
