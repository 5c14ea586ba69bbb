internal import OfficialAccount
internal import OfficialAccountBot
internal import Yams

/// What a rule of a file answers with.
struct AnswerSection {
    /// The account's chats by name.
    var chats: [String: any Answerer] = [:]
    /// The names of those in which there were mistakes.
    var faultyChats: Set<String> = []
    /// The account's credentials, for services that get the message as the platform sent it; `nil` where the Token comes
    /// with the request.
    var credentials: Credentials?
    /// Whether there are none because of a mistake.
    var hasFaultyCredentials = false
    /// For how many seconds a session is kept after it was changed.
    var lifetime = Sessions.defaultLifetime

    /// Reads the answer of a rule.
    /// - Returns: `nil` where it was a mistake.
    func read(
        _ entries: [String: Node], at mark: Mark?, _ replies: ReplySection, _ reader: inout YAMLReader
    ) -> (any Answerer)? {
        let given = RuleSection.answerKeys.compactMap { key in entries[key].map { (key, $0) } }
        guard let (key, node) = given.first else {
            reader.mistakes.add(
                "the rule has no answer; add one of \(RuleSection.answerKeys.joined(separator: ", "))", at: mark)
            return nil
        }
        if given.count > 1 {
            reader.mistakes.add(
                "the rule has \(given.count) answers, \(given.map(\.0).joined(separator: " and ")); leave one", at: mark
            )
        }
        switch key {
        case "reply": return replies.read(node, key: "reply", &reader)?.settled
        case "chat": return chat(node, &reader)
        case "transfer": return transfer(node, &reader)
        case "none":
            if !reader.isEmpty(node) { reader.mistakes.add("none takes no value: write 'none:'", at: node.mark) }
            return ReplyTemplate.fixed(.none)
        case "forward":
            return ForwardSection.read(
                node, credentials: credentials, hasFaultyCredentials: hasFaultyCredentials, lifetime: lifetime, &reader)
        default: return RunSection.read(node, lifetime: lifetime, &reader)
        }
    }

    private func chat(_ node: Node, _ reader: inout YAMLReader) -> (any Answerer)? {
        guard let name = reader.value(node, key: "chat") else { return nil }
        if let chat = chats[name.text] { return chat }
        if faultyChats.contains(name.text) { return nil }
        let known = chats.keys.sorted()
        if let meant = Suggestion.nearest(to: name.text, among: known) {
            reader.mistakes.add(
                "chat: there is no chat '\(name.text.prefix(40))', did you mean '\(meant)'?", at: name.mark)
        } else {
            let list = known.isEmpty ? "the account has none: add it under chats" : known.joined(separator: ", ")
            reader.mistakes.add("chat: there is no chat '\(name.text.prefix(40))'; \(list)", at: name.mark)
        }
        return nil
    }

    private func transfer(_ node: Node, _ reader: inout YAMLReader) -> (any Answerer)? {
        if reader.isEmpty(node) { return ReplyTemplate.fixed(.transferToCustomerService()) }
        guard let account = reader.value(node, key: "transfer") else { return nil }
        return ReplyTemplate.fixed(.transferToCustomerService(account: account.text))
    }
}
