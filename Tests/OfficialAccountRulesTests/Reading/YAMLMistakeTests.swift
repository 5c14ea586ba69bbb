import Testing

@testable import OfficialAccountRules

@Suite("A text that is no YAML is reported where it went wrong, with what to write")
struct YAMLMistakeTests {
    private func mistakes(_ yaml: String) -> [String] { RuledAccount.mistakes(yaml) }

    /// The mistakes of a rule whose second line is given.
    private func mistakes(ofReply line: String) -> [String] { mistakes("rules:\n  - text: a\n    \(line)\n") }

    @Test("where a value holds a colon")
    func colonInValue() {
        #expect(
            mistakes(ofReply: "reply: 价格: 10")
                == ["r:3:14: a value with a colon and a space in it is put in quotes: reply: 'a: b'"])
    }

    @Test("where a key has the full-width colon, in whichever line the parser notices")
    func fullWidthColon() {
        let advice = "the colon behind a key is the half-width one, ':', with a space behind it"
        #expect(mistakes("rules：\n  - text: a\n    reply: b\n") == ["r:1:6: \(advice)"])
        #expect(mistakes("rules:\n  - text： a\n    reply: b\n") == ["r:2:9: \(advice)"])
        #expect(mistakes(ofReply: "reply：b\n    set: none") == ["r:3:10: \(advice)"])
        #expect(mistakes(ofReply: "reply：b") == ["r:3:10: \(advice)"])
        #expect(mistakes("rules:\n  - {text: a, reply：b}\n").contains("r:2:15: \(advice)"))
    }

    @Test("where no space is behind a colon or a dash")
    func noSpace() {
        let advice = "write a space behind the colon of a key"
        #expect(mistakes(ofReply: "reply:b\n    set: none") == ["r:3:10: \(advice)"])
        #expect(mistakes("rules:\n  - text:a\n    reply: b\n") == ["r:2:9: \(advice)"])
        #expect(
            mistakes("rules:\n  -text: a\n    reply: b\n") == ["r:2:3: write a space behind the dash of a list's item"])
    }

    @Test(
        "where a line is indented with a tab",
        arguments: ["rules:\n\t- text: a\n", "rules:\n  - text: a\n\treply: b\n", "\trules: []\n"])
    func tab(yaml: String) {
        #expect(mistakes(yaml).first?.contains("lines are indented with spaces, not with a tab") == true)
    }

    @Test(
        "where a value begins with a character that means something else without quotes",
        arguments: ["@", "`", "%", "*", "&", "!", ">", "|", "- ", ", ", "] ", "? "])
    func firstCharacter(_ start: String) {
        let shown = start.first.map(String.init) ?? ""
        for word in ["帮助", "help"] {
            let lines = mistakes(ofReply: "reply: \(start)\(word)\n    set: none")
            #expect(lines.count == 1, "\(lines)")
            if "&!".contains(shown), word == "help" { continue }
            #expect(
                lines.first
                    == "r:3:12: put the value in quotes: without them a '\(shown)' at its beginning means something else"
            )
        }
    }

    @Test("where a value begins with {{")
    func braces() {
        let advice = "put the value in quotes: without them { begins a mapping"
        #expect(mistakes(ofReply: "reply: {{content}}") == ["r:3:12: reply: \(advice)"])
        #expect(mistakes(ofReply: "reply: {{content}}，谢谢") == ["r:3:23: \(advice)"])
        #expect(mistakes("rules:\n  - {text: a, reply: {{content}}}") == ["r:2:22: reply: \(advice)"])
    }

    @Test("where a value goes on behind its quotes, or does not end")
    func quotes() {
        let advice =
            "the value goes on behind its closing quote: put all of it in quotes, inside '…' a quote is written ''"
        #expect(mistakes(ofReply: "reply: \"a\" b") == ["r:3:16: \(advice)"])
        #expect(mistakes(ofReply: "reply: 'a'b'") == ["r:3:15: \(advice)"])
        #expect(mistakes(ofReply: "reply: \"a") == ["r:3:12: the quote that opens here is not closed"])
        #expect(
            mistakes(ofReply: "reply: [a] b") == [
                "r:3:16: put the value in quotes: without them [ begins a list"
            ])
    }

    @Test("where a pattern stands in double quotes")
    func escapes() {
        #expect(
            mistakes(#"rules: [{text: {matches: "订单\s*"}, reply: b}]"#)
                == [
                    #"r:1:29: in double quotes \ begins an escape such as \n: "#
                        + #"put a pattern in single quotes, which leave \ as it is"#
                ])
    }

    @Test("where lines of one mapping begin in different columns")
    func indentation() {
        let advice =
            "the line begins in another column than those it belongs to: the keys of one mapping begin in the same"
        for indentation in ["     ", "   ", "  "] {
            let lines = mistakes("rules:\n  - text: a\n\(indentation)reply: b\n")
            #expect(lines.count == 1)
            #expect(lines.first?.hasSuffix(advice) == true, "\(lines)")
            #expect(lines.first?.hasPrefix("r:3:") == true, "\(lines)")
        }
    }

    @Test("where a list or a mapping is not closed, or has the full-width comma")
    func brackets() {
        #expect(
            mistakes("rules:\n  - text: [a, b\n    reply: b\n")
                == [
                    "r:2:11: the [ has no ], or a comma is missing; a value with one of ,:#[]{} in it is put in quotes"
                ])
        #expect(
            mistakes("rules: [{text: a\n")
                == ["r:1:9: the { has no }, or a comma is missing; a value with one of ,:#[]{} in it is put in quotes"])
        #expect(
            mistakes("rules:\n  - {text: a，reply: b}\n")
                == ["r:2:13: the comma between entries is the half-width one, ','"])
    }

    @Test("where a key has no colon at all")
    func noColon() {
        #expect(
            mistakes(ofReply: "hello\n    set: none").first?.hasPrefix(
                "r:3:5: expected a key and a colon, as in 'reply: text'") == true)
    }

    @Test("where a control character is in the file")
    func controlCharacter() {
        #expect(
            mistakes(ofReply: "reply: \u{7}b") == ["r:3:1: take the control character U+0007 out of this line"])
    }

    @Test("and no value is repeated, not even where it is taken for a key")
    func secrets() {
        for text in ["token：s3cret\n  x: y", "{token：s3cret}", "{token:s3cret, a: b}", "token:s3cret\n  x: y"] {
            #expect(!mistakes("rules: \(text)\n").joined().contains("s3cret"))
            #expect(!mistakes("\(text)\n").joined().contains("s3cret"))
        }
    }
}

@Suite("What YAML makes something else of without a word is a warning")
struct YAMLWarningTests {
    @Test("a # that makes a comment of a value, or cuts it")
    func comments() {
        let warnings = RuledAccount.mistakes
        #expect(
            warnings("rules:\n  - text: #天气\n    reply: b\n")
                == ["r:2:10: warning: text: its '#' begins a comment, so that it has no value; put the value in quotes"]
        )
        #expect(
            warnings("rules:\n  - text: a\n    reply: 话题 #天气\n")
                == [
                    "r:3:12: warning: reply: what follows ' #' is a comment; put the value in quotes, or a space behind the #"
                ])
        #expect(
            warnings("rules:\n  - text: a\n    reply: #天气\n").first
                == "r:3:11: reply has no value: its '#' begins a comment; put the value in quotes")
        for fine in ["b # says b", "b#c", "'b #c'", "b  # c", "b ## c"] {
            #expect(warnings("rules:\n  - text: a\n    reply: \(fine)\n  - text: # all\n    reply: b\n") == [])
        }
    }

    @Test("a full-width comma between the words of a list")
    func commas() {
        #expect(
            RuledAccount.mistakes("rules: [{text: [帮助，help], reply: b}]")
                == [
                    "r:1:17: warning: text: '，' is no comma to YAML, so that this is one word; "
                        + "write ', ', or put the word in quotes"
                ])
        #expect(RuledAccount.mistakes("rules: [{text: [帮助、help], reply: b}]").count == 1)
        #expect(RuledAccount.mistakes("rules: [{text: ['帮助，help', 你好, x], reply: '，'}]") == [])
    }
}
