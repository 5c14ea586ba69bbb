internal import OfficialAccount
internal import OfficialAccountBot
internal import Yams

/// What a rule of a file is for.
struct MatcherSection {
    static let keys = ["text", "message", "event", "key", "any", "state"] + RuleMatcher.messageTypes.keys.sorted()

    var matchers: [RuleMatcher] = []
    var states: StateTest?
    /// The names of the groups of its patterns.
    var groupNames: [String] = []
    /// How many groups its patterns have at the most, or `nil` where it has no pattern.
    var groupCount: Int?

    /// Reads what a rule is for.
    /// - Returns: `nil` where it was a mistake.
    static func read(_ entries: [String: Node], at mark: Mark?, _ reader: inout YAMLReader) -> MatcherSection? {
        var section = MatcherSection()
        let before = reader.mistakes.errors.count
        if let node = entries["text"] { section.readText(node, &reader) }
        for (key, type) in RuleMatcher.messageTypes {
            guard let node = entries[key] else { continue }
            if !reader.isEmpty(node) {
                reader.mistakes.add(
                    "\(key) takes no value: write '\(key):'; only text and event are told apart further", at: node.mark)
            }
            section.matchers.append(.message(type))
        }
        if let node = entries["message"] {
            for name in reader.values(node, key: "message") ?? [] {
                section.matchers.append(.message(MessageType(rawValue: name.text)))
            }
        }
        if let node = entries["any"] {
            if !reader.isEmpty(node) {
                reader.mistakes.add(
                    "any takes no value: write 'any:' for every message that a user sends", at: node.mark)
            }
            section.matchers.append(.anyMessage)
        }
        section.readEvent(entries, &reader)
        if let node = entries["state"] { section.readStates(node, &reader) }
        guard reader.mistakes.errors.count == before else { return nil }
        if section.matchers.isEmpty {
            guard section.states != nil else {
                reader.mistakes.add(
                    "the rule does not say what it is for: begin it with text, event, any or another kind of message",
                    at: mark)
                return nil
            }
            section.matchers = [.anyMessage]
        }
        return section
    }

    private mutating func readText(_ node: Node, _ reader: inout YAMLReader) {
        if reader.isEmpty(node) {
            reader.warnOfComment(node, key: "text")
            matchers.append(.text(.any))
            return
        }
        guard case .mapping = node else {
            if let words = reader.values(node, key: "text") { matchers.append(.text(.equal(words.map(\.text)))) }
            return
        }
        let tests = ["equals", "starts_with", "contains", "matches"]
        guard let entries = reader.mapping(node, keys: tests, what: "text") else { return }
        if entries.isEmpty, reader.mistakes.errors.isEmpty {
            reader.mistakes.add("text has one of \(tests.joined(separator: ", "))", at: node.mark)
        }
        for test in tests {
            guard let node = entries[test], let values = reader.values(node, key: test) else { continue }
            let words = values.map(\.text)
            switch test {
            case "equals": matchers.append(.text(.equal(words)))
            case "starts_with": matchers.append(.text(.starts(words)))
            case "contains": matchers.append(.text(.contains(words)))
            default: for value in values { readPattern(value, &reader) }
            }
        }
    }

    private mutating func readPattern(_ value: YAMLReader.Value, _ reader: inout YAMLReader) {
        do throws(PatternError) {
            let pattern = try Pattern(value.text)
            groupNames += pattern.groupNames
            groupCount = max(groupCount ?? 0, pattern.groupCount)
            matchers.append(.text(.matches(pattern, source: value.text)))
        } catch {
            reader.mistakes.add("matches: \(error)", at: value.mark)
        }
    }

    private mutating func readEvent(_ entries: [String: Node], _ reader: inout YAMLReader) {
        guard let node = entries["event"] else {
            if let key = entries["key"] {
                reader.mistakes.add("key is of an event: add 'event: CLICK', or whichever it is", at: key.mark)
            }
            return
        }
        var key = RuleMatcher.KeyTest.any
        if let node = entries["key"] {
            if case .mapping = node {
                if let prefixes = reader.mapping(node, keys: ["starts_with"], what: "key")?["starts_with"],
                    let values = reader.values(prefixes, key: "starts_with")
                {
                    key = .starts(values.map(\.text))
                }
            } else if let values = reader.values(node, key: "key") {
                key = .equal(values.map(\.text))
            }
        }
        if reader.isEmpty(node) {
            reader.warnOfComment(node, key: "event")
            matchers.append(.anyEvent(key))
            return
        }
        for name in reader.values(node, key: "event") ?? [] {
            if let known = EventNames.meant(by: name.text) {
                reader.mistakes.add(
                    "the platform spells the event '\(known)', and compares it exactly", at: name.mark)
            }
            matchers.append(.event(EventType(rawValue: name.text), key))
        }
    }

    private mutating func readStates(_ node: Node, _ reader: inout YAMLReader) {
        if reader.isEmpty(node) {
            reader.warnOfComment(node, key: "state")
            states = StateTest(states: [nil])
        } else if let values = reader.values(node, key: "state") {
            states = StateTest(states: values.map { $0.text == "none" ? nil : $0.text })
        }
    }
}

/// The events of the platform's pages, for those who spell one differently.
enum EventNames {
    private static let known: [EventType] = [
        .subscribe, .unsubscribe, .scan, .location, .click, .view, .scanCodePush, .scanCodeWaitMessage,
        .pictureFromCamera, .pictureFromCameraOrAlbum, .pictureFromWeixin, .locationSelect, .viewMiniProgram,
        .templateSendJobFinish, .massSendJobFinish, .publishJobFinish, .customerServiceCreateSession,
        .customerServiceCloseSession, .customerServiceSwitchSession,
    ]

    /// The event's name as the platform spells it, where a name is not quite that of one.
    static func meant(by name: String) -> String? {
        let names = known.map(\.rawValue)
        guard !names.contains(name) else { return nil }
        return names.first { $0.lowercased() == name.lowercased() }
    }
}
