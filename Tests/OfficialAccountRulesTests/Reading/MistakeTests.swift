import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("A mistake in rules is reported with its place and what was meant")
struct MistakeTests {
    private func mistakes(_ yaml: String) -> [String] { RuledAccount.mistakes(yaml) }

    @Test("where a key is misspelt")
    func keys() {
        #expect(
            mistakes(
                """
                rules:
                  - text: a
                    relpy: b
                """
            ).contains("r:3:5: unknown key 'relpy', did you mean 'reply'?"))
        #expect(
            mistakes("rules: [{text: {start_with: a}, reply: b}]")
                == ["r:1:17: unknown key 'start_with', did you mean 'starts_with'?"])
    }

    @Test("where a rule has no answer, two, or nothing it is for")
    func shape() {
        #expect(
            mistakes("rules: [{text: a}]").first?.hasPrefix("r:1:9: the rule has no answer; add one of reply") == true)
        #expect(
            mistakes("rules: [{text: a, reply: b, none: }]") == [
                "r:1:9: the rule has 2 answers, reply and none; leave one"
            ])
        #expect(mistakes("rules: [{reply: b}]").first?.contains("does not say what it is for") == true)
        #expect(
            mistakes("rules: [{key: a, reply: b}]").first
                == "r:1:15: key is of an event: add 'event: CLICK', or whichever it is")
    }

    @Test("where an event is spelt as the platform does not")
    func eventNames() {
        #expect(
            mistakes("rules: [{event: click, key: a, reply: b}]")
                == ["r:1:17: the platform spells the event 'CLICK', and compares it exactly"])
    }

    @Test("where a pattern does not compile")
    func pattern() {
        #expect(
            mistakes("rules: [{text: {matches: '(a'}, reply: b}]").first?.hasPrefix(
                "r:1:26: matches: the pattern does not compile") == true)
    }

    @Test("where a template names what no message has")
    func names() {
        #expect(
            mistakes("rules: [{voice: , reply: '{{recogniton}}'}]")
                == ["r:1:26: reply: no message has the field {{recogniton}}, did you mean {{recognition}}?"])
        #expect(
            mistakes("rules: [{text: {matches: '(?<id>.)'}, reply: '{{captures.ids}}'}]")
                == ["r:1:46: reply: the rule's pattern has no group (?<ids>…)"])
        #expect(mistakes("rules: [{message: new, reply: '{{whatever}}'}]") == [])
        #expect(mistakes("rules: [{text: a, reply: '{{session}}'}]").count == 1)
    }

    @Test("where a template names a group that the rule's pattern does not have")
    func groups() {
        let rule = { (matches: String, reply: String) in
            mistakes("rules: [{text: \(matches), reply: '\(reply)'}]").map { $0.split(separator: " ", maxSplits: 1)[1] }
        }
        let pattern = "{matches: '(a)(?<order>b)'}"
        #expect(rule(pattern, "{{order}} {{captures.order}} {{captures.0}} {{captures.1}} {{captures.2}}") == [])
        #expect(
            rule(pattern, "{{id}}")
                == ["reply: no message has the field {{id}}, and the rule's pattern has no group (?<id>…)"])
        #expect(rule(pattern, "{{ordre}}") == ["reply: no message has the field {{ordre}}, did you mean {{order}}?"])
        #expect(
            rule(pattern, "{{captures.3}}")
                == ["reply: the rule's pattern has no group 3, but 2: count the brackets (…)"])
        #expect(
            rule("a", "{{captures.1}}")
                == ["reply: {{captures.1}} is of a pattern, and the rule has none: add text: {matches: '…'}"])
        #expect(rule("a", "{{id}}").first?.contains("did you mean") == false)
    }

    @Test("but not what follows from another mistake")
    func consequences() {
        let lines = mistakes(
            """
            rules:
              - any:
                chat: assistant
            chats:
              assistant:
                endpoint: https://example.com/v1/chat/completions
                modle: gpt
            """)
        #expect(lines.count == 2, "\(lines)")
        #expect(!lines.joined().contains("there is no chat"))
    }

    @Test("where a chat is not there")
    func chat() {
        #expect(
            mistakes("rules: [{any: , chat: deepseek}]").first?.contains("the account has none: add it under chats")
                == true)
    }

    @Test("where a reply lacks what it needs")
    func replies() {
        #expect(mistakes("rules: [{text: a, reply: {news: []}}]").first?.contains("has no card") == true)
        #expect(
            mistakes("rules: [{text: a, reply: {news: [{url: 'https://a'}]}}]").first?.contains("a card has no title")
                == true)
        #expect(mistakes("rules: [{text: a, reply: {image: 'a b'}}]").first?.contains("expected a media ID") == true)
        #expect(
            mistakes("rules: [{text: a, reply: {music: {title: x}}}]").first?.contains("music has no thumb_media_id")
                == true)
        #expect(mistakes("rules: [{text: a, reply: {text: a, image: b}}]").first?.contains("reply is one of") == true)
    }

    @Test("where both the welcome and a rule greet")
    func welcome() {
        #expect(
            mistakes("welcome: a\nrules: [{event: subscribe, reply: b}]").first?.contains("leave one of the two")
                == true)
    }
}

@Suite("What is accepted but likely not meant is a warning")
struct WarningTests {
    private func warnings(_ yaml: String) -> [String] { RuledAccount.mistakes(yaml) }

    @Test("a rule that no message reaches")
    func unreachable() {
        let hidden = { (first: String, second: String) in
            warnings("rules:\n  - {\(first), reply: a}\n  - {\(second), reply: b}") == [
                "r:3:5: warning: no message reaches this rule: the rule in line 2 answers before it; put it above that one"
            ]
        }
        #expect(hidden("any: ", "text: x"))
        #expect(hidden("text: ", "text: {contains: x}"))
        #expect(hidden("text: [a, b]", "text: Ｂ"))
        #expect(hidden("text: {contains: 订单}", "text: 查订单"))
        #expect(hidden("text: {starts_with: 查}", "text: {starts_with: 查订单}"))
        #expect(hidden("text: {matches: '\\d+'}", "text: 42"))
        #expect(hidden("event: CLICK", "event: CLICK, key: a"))
        #expect(hidden("event: ", "event: [VIEW, SCAN]"))
        #expect(hidden("state: a, any: ", "state: a, text: x"))
        #expect(hidden("image: ", "message: image"))
    }

    @Test("but not a rule that some message does reach")
    func reachable() {
        let seen = { (first: String, second: String) in
            warnings("rules:\n  - {\(first), reply: a}\n  - {\(second), reply: b}") == []
        }
        #expect(seen("text: a", "text: {contains: a}"))
        #expect(seen("state: a, text: x", "text: x"))
        #expect(seen("state: a, text: x", "state: b, text: x"))
        #expect(seen("any: ", "event: CLICK"))
        #expect(seen("event: CLICK, key: a", "event: CLICK"))
        #expect(seen("text: {matches: '\\d+'}", "text: abc"))
    }

    @Test("a word that a rule before has already")
    func word() {
        #expect(
            warnings("rules:\n  - {text: a, reply: a}\n  - {text: [A, b], reply: b}")
                == ["r:3:5: warning: the rule in line 2 answers 'A' before this one"])
    }

    @Test("a text that is too long for a passive reply, and more cards than are shown")
    func sizes() {
        let long = String(repeating: "长", count: 700)
        #expect(
            warnings("rules: [{text: a, reply: \(long)}]").first?.contains("warning: reply: the text has 2100 bytes")
                == true)
        let cards = "[{title: a}, {title: b}]"
        #expect(
            warnings("rules: [{text: a, reply: {news: \(cards)}}]").first?.contains(
                "news has 2 cards and the platform shows 1") == true)
        #expect(warnings("rules: [{event: CLICK, reply: {news: \(cards)}}]") == [])
    }

    @Test("thousands of rules are looked over in no time worth speaking of")
    func many() {
        let rules = (0..<10_000).map { "  - {text: [w\($0)], reply: a}" }.joined(separator: "\n")
        #expect(warnings("rules:\n" + rules) == [])
    }
}
