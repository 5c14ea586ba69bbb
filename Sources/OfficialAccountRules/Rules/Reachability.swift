internal import OfficialAccount
internal import OfficialAccountBot
internal import Yams

/// Finds rules that no message reaches, since rules before them answer all of theirs.
struct Reachability {
    /// A word or a kind of message that a rule before answers for good.
    fileprivate struct Taken {
        var matcher: RuleMatcher
        var states: StateTest?
        var line: Int
    }

    /// Comparing each rule with each takes time that grows with the square of their number.
    private static let mostCompared = 300

    private var words: [String: Int] = [:]
    private var others: [Taken] = []

    static func check(_ rules: [Rule], _ places: [Mark?], _ mistakes: inout Mistakes) {
        var reachability = Reachability()
        for (rule, place) in zip(rules, places) {
            reachability.report(rule, at: place, &mistakes)
            reachability.add(rule, line: place?.line ?? 0)
        }
    }

    private func report(_ rule: Rule, at mark: Mark?, _ mistakes: inout Mistakes) {
        var reached = 0
        var covered: [(what: String?, line: Int)] = []
        for matcher in rule.matchers {
            for part in matcher.parts {
                if let line = line(covering: part, rule.states) {
                    covered.append((part.word, line))
                } else {
                    reached += 1
                }
            }
        }
        guard let first = covered.first else { return }
        guard reached > 0 else {
            mistakes.warn(
                "no message reaches this rule: the rule in line \(first.line) answers before it; put it above that one",
                at: mark)
            return
        }
        for (word, line) in covered {
            guard let word else { continue }
            mistakes.warn("the rule in line \(line) answers '\(word.prefix(40))' before this one", at: mark)
        }
    }

    private func line(covering matcher: RuleMatcher, _ states: StateTest?) -> Int? {
        if let word = matcher.word, let line = words[folded(word)] { return line }
        return others.first { $0.covers(matcher, states) }?.line
    }

    private mutating func add(_ rule: Rule, line: Int) {
        for matcher in rule.matchers {
            guard let matcher = rule.answerer.answersTextsAlone ? matcher.ofTexts : matcher else { continue }
            if rule.states == nil, case .text(.equal(let list)) = matcher {
                for word in list where words[folded(word)] == nil { words[folded(word)] = line }
            } else if others.count < Self.mostCompared {
                others.append(Taken(matcher: matcher, states: rule.states, line: line))
            }
        }
    }
}

extension Reachability.Taken {
    func covers(_ other: RuleMatcher, _ otherStates: StateTest?) -> Bool {
        if let states {
            guard let otherStates, otherStates.states.allSatisfy(states.states.contains) else { return false }
        }
        return matcher.covers(other)
    }
}

extension RuleMatcher {
    /// The matcher as several that each name one word or key.
    fileprivate var parts: [RuleMatcher] {
        switch self {
        case .text(.equal(let words)): words.map { .text(.equal([$0])) }
        case .text(.starts(let words)): words.map { .text(.starts([$0])) }
        case .text(.contains(let words)): words.map { .text(.contains([$0])) }
        case .event(let type, .equal(let keys)): keys.map { .event(type, .equal([$0])) }
        case .event(let type, .starts(let keys)): keys.map { .event(type, .starts([$0])) }
        default: [self]
        }
    }

    /// The matcher for its texts alone; `nil` where it is for none.
    fileprivate var ofTexts: RuleMatcher? {
        switch self {
        case .text: self
        case .anyMessage, .message(.text): .text(.any)
        case .message, .event, .anyEvent: nil
        }
    }

    /// The word or key of a matcher that names one.
    fileprivate var word: String? {
        switch self {
        case .text(.equal(let words)) where words.count == 1: words[0]
        default: nil
        }
    }

    /// Whether every message that another matcher is for is one of this one's, too. The other names one word at the most.
    fileprivate func covers(_ other: RuleMatcher) -> Bool {
        switch (self, other) {
        case (.anyMessage, .text), (.anyMessage, .message), (.anyMessage, .anyMessage): true
        case (.message(let type), .message(let other)): type == other
        case (.message(.text), .text): true
        case (.text(.any), .message(.text)): true
        case (.text(let test), .text(let other)): test.covers(other)
        case (.anyEvent(let key), .anyEvent(let other)), (.anyEvent(let key), .event(_, let other)): key.covers(other)
        case (.event(let type, let key), .event(let otherType, let other)): type == otherType && key.covers(other)
        default: false
        }
    }
}

extension RuleMatcher.TextTest {
    fileprivate func covers(_ other: RuleMatcher.TextTest) -> Bool {
        switch (self, other) {
        case (.any, _): return true
        case (.equal(let words), .equal(let others)):
            return others.allSatisfy { other in words.contains { folded($0) == folded(other) } }
        case (.starts(let words), .equal(let others)), (.starts(let words), .starts(let others)):
            return others.allSatisfy { other in words.contains { folded(other).hasPrefix(folded($0)) } }
        case (.contains(let words), .equal(let others)), (.contains(let words), .starts(let others)),
            (.contains(let words), .contains(let others)):
            return others.allSatisfy { other in words.contains { folded(other).contains(folded($0)) } }
        case (.matches(let pattern, _), .equal(let others)):
            return others.allSatisfy { (try? pattern.firstMatch(in: $0)).flatMap { $0 } != nil }
        case (.matches(_, let source), .matches(_, let other)): return source == other
        default: return false
        }
    }
}

extension RuleMatcher.KeyTest {
    fileprivate func covers(_ other: RuleMatcher.KeyTest) -> Bool {
        switch (self, other) {
        case (.any, _): true
        case (.equal(let keys), .equal(let others)): others.allSatisfy(keys.contains)
        case (.starts(let prefixes), .equal(let others)), (.starts(let prefixes), .starts(let others)):
            others.allSatisfy { other in prefixes.contains { other.hasPrefix($0) } }
        default: false
        }
    }
}
