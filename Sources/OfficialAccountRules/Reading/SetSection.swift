internal import Yams

/// What a rule of a file remembers in the sender's session: `set: {state: …, name: …}`, or `set: none` to forget it all.
enum SetSection {
    static func read(
        _ node: Node, lifetime: Double, _ replies: ReplySection, _ reader: inout YAMLReader
    ) -> SessionTemplate? {
        var template = SessionTemplate(lifetime: lifetime)
        if case .scalar(let scalar) = node, scalar.string.isEmpty || scalar.string == "none" {
            template.change = .end
            return template
        }
        guard let entries = reader.entries(node, what: "set") else { return nil }
        for (name, value) in entries {
            guard isName(name.text) else {
                reader.mistakes.add("set: a name is up to 64 letters, digits and underscores", at: name.mark)
                continue
            }
            if name.text == "state" {
                if reader.isEmpty(value) {
                    template.change.state = .left
                } else if let text = reader.value(value, key: "state")?.text {
                    template.change.state = text == "none" ? .left : .entered(text)
                }
            } else if reader.isEmpty(value) {
                template.change.values[name.text] = .some(nil)
            } else if let text = replies.template(value, key: name.text, &reader) {
                template.values[name.text] = text
            }
        }
        return template
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
}
