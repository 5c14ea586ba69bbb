package import OfficialAccount
package import OfficialAccountBot
package import Yams

/// What an account of a file answers: its welcome, its rules, its chats.
package enum AccountRules {
    package static let keys = ["welcome", "rules", "chats", "session"]

    /// More rules than anybody writes by hand; looking them over takes time that grows with their number.
    private static let mostRules = 20_000

    /// Reads what an account answers.
    /// - Parameters:
    ///   - entries: The entries of the account.
    ///   - credentials: The account's credentials; `nil` where the Token comes with the request.
    ///   - hasFaultyCredentials: Whether there are no credentials because of a mistake, which has been kept.
    ///   - reader: Reads the values and keeps the mistakes.
    /// - Returns: The account's bot, or `nil` where it says nothing of what it answers, and where that was a mistake.
    package static func read(
        _ entries: [String: Node], credentials: Credentials?, hasFaultyCredentials: Bool = false,
        _ reader: inout YAMLReader
    ) -> Bot? {
        guard keys.contains(where: { entries[$0] != nil }) else { return nil }
        let lifetime = reader.seconds(entries["session"], key: "session", in: 1...(30 * 86400))
        let (chats, faultyChats) = entries["chats"].map { ChatSection.read($0, &reader) } ?? ([:], [])
        let section = RuleSection(
            answers: AnswerSection(
                chats: chats, faultyChats: faultyChats, credentials: credentials,
                hasFaultyCredentials: hasFaultyCredentials, lifetime: lifetime ?? Sessions.defaultLifetime))
        var rules: [Rule] = []
        var places: [Mark?] = []
        if let node = entries["rules"], let nodes = reader.list(node, what: "rules") {
            guard nodes.count <= mostRules else {
                reader.mistakes.add(
                    "more than \(mostRules) rules are not read; let a service answer them", at: node.mark)
                return nil
            }
            for node in nodes {
                guard let rule = section.read(node, &reader) else { continue }
                rules.append(rule)
                places.append(node.mark)
            }
        }
        Reachability.check(rules, places, &reader.mistakes)
        if let node = entries["welcome"] {
            var replies = ReplySection()
            replies.isForEventsOnly = true
            if let welcome = replies.read(node, key: "welcome", &reader) {
                add(welcome.settled, at: node.mark, to: &rules, places, &reader.mistakes)
            }
        }
        if rules.isEmpty, reader.mistakes.isEmpty, entries["chats"] != nil {
            reader.mistakes.add(
                "the account has chats, but no rule that uses one; add rules: [{any: , chat: …}]",
                at: entries["chats"]?.mark)
        }
        return RuleList(rules: rules, chats: Array(section.answers.chats.values)).bot
    }

    /// The welcome is the answer to users who follow, unless a rule for some of them comes first, such as one for those who
    /// scanned a certain code.
    private static func add(
        _ welcome: ReplyTemplate, at mark: Mark?, to rules: inout [Rule], _ places: [Mark?], _ mistakes: inout Mistakes
    ) {
        let rule = Rule(matchers: [.event(.subscribe, .any)], states: nil, answerer: welcome, change: nil)
        if let other = rules.firstIndex(where: { $0.isForEverySubscriber }) {
            let line = places[other].map { " in line \($0.line)" } ?? ""
            mistakes.add("welcome: the rule\(line) is for users who follow, too; leave one of the two", at: mark)
        }
        let index = rules.firstIndex { $0.matchers.contains { if case .anyEvent = $0 { true } else { false } } }
        rules.insert(rule, at: index ?? rules.endIndex)
    }
}

extension Rule {
    fileprivate var isForEverySubscriber: Bool {
        states == nil
            && matchers.contains {
                if case .event(.subscribe, .any) = $0 { true } else { false }
            }
    }
}
