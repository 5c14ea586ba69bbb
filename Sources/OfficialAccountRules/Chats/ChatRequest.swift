internal import FoundationEssentials

/// A question as it is sent to an endpoint.
struct ChatRequest: Sendable {
    /// One side's words.
    struct Entry: Encodable, Sendable {
        enum Role: String, Encodable { case system, user, assistant }
        var role: Role
        var content: String
    }

    /// The JSON.
    let body: [UInt8]
    let key: ChatKey?

    /// Writes a question down.
    /// - Parameters:
    ///   - settings: The chat's settings.
    ///   - turns: What was said before.
    ///   - question: The question.
    init(_ settings: ChatSettings, turns: [ChatTurn], question: String) throws {
        var entries: [Entry] = []
        if let system = settings.system { entries.append(Entry(role: .system, content: system)) }
        for turn in turns {
            entries.append(Entry(role: .user, content: turn.question))
            entries.append(Entry(role: .assistant, content: turn.answer))
        }
        entries.append(Entry(role: .user, content: question))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        body = Array(
            try encoder.encode(Body(model: settings.model, messages: entries, parameters: settings.parameters)))
        key = settings.key
    }

    /// Whether something an endpoint says is from the question, or is part of the key.
    func mentions(_ name: String) -> Bool {
        if let key, key.rawValue.contains(name) || name.contains(key.rawValue) { return true }
        return String(decoding: body, as: UTF8.self).contains(name)
    }

    private struct Body: Encodable {
        struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        var model: String
        var messages: [Entry]
        var parameters: [String: ChatParameter]

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in parameters { try container.encode(value, forKey: Name(stringValue: name)) }
            try container.encode(model, forKey: Name(stringValue: "model"))
            try container.encode(messages, forKey: Name(stringValue: "messages"))
            try container.encode(true, forKey: Name(stringValue: "stream"))
        }
    }
}
