internal import OfficialAccount
internal import Yams

/// One rule of a file.
struct RuleSection {
    static let answerKeys = ["reply", "forward", "run", "chat", "transfer", "none"]
    static let keys = MatcherSection.keys + answerKeys + ["set"]

    /// What the rules of the account have in common.
    var answers: AnswerSection
    /// Reads a rule.
    /// - Returns: The rule, or `nil` where it was a mistake.
    func read(_ node: Node, _ reader: inout YAMLReader) -> Rule? {
        guard let entries = reader.mapping(node, keys: Self.keys, what: "a rule") else { return nil }
        let before = reader.mistakes.errors.count
        let matching = MatcherSection.read(entries, at: node.mark, &reader)
        var replies = ReplySection()
        replies.names.captures = matching?.groupNames ?? []
        replies.names.captureCount = matching?.groupCount
        // A rule that is for kinds of messages of which nobody here knows the fields may name any field, and one that is
        // wrong already is not held to its captures.
        replies.names.isOpen = matching.map { !$0.matchers.allSatisfy(\.isKnown) } ?? true
        replies.isForEventsOnly = matching.map { $0.matchers.allSatisfy(\.isForEvents) } ?? false
        let answerer = answers.read(entries, at: node.mark, replies, &reader)
        let change = entries["set"].flatMap { SetSection.read($0, lifetime: answers.lifetime, replies, &reader) }
        guard let matching, let answerer, reader.mistakes.errors.count == before else { return nil }
        var rule = Rule(matchers: matching.matchers, states: matching.states, answerer: answerer, change: change)
        rule.needsSession = rule.states != nil || answerer.needsSession || change?.needsSession == true
        return rule
    }
}
