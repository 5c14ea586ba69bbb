import OfficialAccount
import Testing

@testable import OfficialAccountBot

@Suite("Matching a text")
struct TextMatchingTests {
    @Test(arguments: ["help", "HELP", " Help\n", "ｈｅｌｐ", "　ＨＥＬＰ　", "帮助", " 帮助 "])
    func wordsAreEqualWhateverTheirCaseWidthAndSpace(written: String) async throws {
        let bot = Bot { On(.text(equalTo: "帮助", "help")) { _, _ in .text("yes") } }
        #expect(try await bot.answer(text(written)) == .text("yes"))
    }

    @Test(arguments: ["helps", "帮", "帮助吗", "he lp", ""])
    func otherWordsAreNotEqual(written: String) async throws {
        let bot = Bot { On(.text(equalTo: "帮助", "help")) { _, _ in .text("yes") } }
        #expect(try await bot.answer(text(written)) == .none)
    }

    @Test func aTextCanBeToldByItsStartOrItsMiddle() async throws {
        let bot = Bot {
            On(.text(startingWith: "天气")) { _, _ in .text("weather") }
            On(.text(containing: "Refund")) { _, _ in .text("money") }
        }
        #expect(try await bot.answer(text("天气 上海")) == .text("weather"))
        #expect(try await bot.answer(text("I want a REFUND!")) == .text("money"))
        #expect(try await bot.answer(text("今天天气")) == .none)
    }

    @Test func aPatternHandsItsGroupsToTheHandler() async throws {
        let bot = try Bot {
            try On(.text(matching: #"订单\s*(?<id>\d+)(x)?"#)) { _, context in
                .text("\(context.captures["id"] ?? "") \(context.captures[1] ?? "") \(context.captures[2] ?? "-")")
            }
        }
        #expect(try await bot.answer(text("我的订单 12345 呢")) == .text("12345 12345 -"))
        #expect(try await bot.answer(text("订单呢")) == .none)
    }

    @Test func capturesOfAPatternThatDidNotLastDoNotReachTheNextHandler() async throws {
        let bot = try Bot {
            try On(.text(matching: "(a)").where { _ in false }) { _, _ in .none }
            On(.text) { _, context in .text("\(context.captures.count)") }
        }
        #expect(try await bot.answer(text("a")) == .text("0"))
    }

    @Test(arguments: [#"(a+)+$"#, #"(a|aa)+$"#, #"(?:a|a)+[bc]"#, #"(a*)*(a*)*[bc]"#])
    func aTextThatMakesAPatternBacktrackForEverIsGivenUp(pattern: String) async throws {
        let bot = try Bot { try On(.text(matching: pattern)) { _, _ in .text("found") } }
        let hostile = try text(String(repeating: "a", count: 2000) + "!")
        await #expect(throws: PatternError.limitReached) { try await bot.answer(hostile) }
    }

    @Test(arguments: [#"(?:a|b)*?(?:a|b)*?[cd]"#, #"\d++[cd]"#, #"(?:a.{0,400}?){2}[cd]"#])
    func thePlacesInATextWhereAPatternIsTriedCountTogether(pattern: String) async throws {
        let bot = try Bot { try On(.text(matching: pattern)) { _, _ in .text("found") } }
        let some = pattern.hasPrefix(#"\d"#) ? String(repeating: "7", count: 4000) : String(repeating: "a", count: 300)
        let hostile = try text(String(repeating: some + " ", count: 6))
        await #expect(throws: PatternError.limitReached) { try await bot.answer(hostile) }
    }

    @Test func whatAllPatternsTakeForAMessageIsBounded() async throws {
        let bot = try Bot {
            for number in 0..<1000 { try On(.text(matching: "(?:a|b)*?[c\(number)]")) { _, _ in .text("found") } }
        }
        let hostile = try text(String(repeating: "a", count: 200))
        await #expect(throws: PatternError.messageLimitReached) { try await bot.answer(hostile) }
        #expect(try await bot.answer(text(String(repeating: "a", count: 10))) == .none)
    }

    @Test func noMoreOfATextIsLookedAtThanAnybodyTypes() async throws {
        let bot = try Bot {
            On(.text(containing: "needle")) { _, _ in .text("contains") }
            try On(.text(matching: "needle")) { _, _ in .text("matches") }
            On(.text(startingWith: "好")) { _, _ in .text("starts") }
        }
        let typed = String(repeating: "好", count: 20_000)
        #expect(try await bot.answer(text(typed + "NEEDLE")) == .text("contains"))
        #expect(try await bot.answer(text(String(repeating: "好", count: 22_000) + "needle")) == .text("starts"))
    }

    @Test func aTextIsFoldedOnceForAllMatchers() async throws {
        var shared = SharedText(try text("今天 ＡＢＣ 天气"))
        var captures: Captures?
        for number in 0..<1000 {
            #expect(try !shared.passes(.contains([SearchedWord("词\(number)词".utf8)]), &captures))
            #expect(try !shared.passes(.starts([Array("词\(number)".utf8)]), &captures))
        }
        #expect(try shared.passes(.contains([SearchedWord("abc 天".utf8)]), &captures))
        #expect(shared.foldings == 1)
    }

    @Test(arguments: [
        ("a", true), ("ab", true), ("天气", true), ("bc 今天", true), ("a天气", false), ("今天天", true), ("c", true),
        ("今天天气天", false), ("", true), ("abc 今天天气!", true), ("abc 今天天气!!", false),
    ])
    func aWordIsFoundWhereverItStands(word: String, isThere: Bool) async throws {
        let bot = Bot { On(.text(containing: word)) { _, _ in .text("found") } }
        #expect(try await bot.answer(text("ABC 今天天气!")) == (isThere ? .text("found") : .none))
    }

    @Test(arguments: [
        "a", "Ａｂｃ　１２３", "今天天气，很好。", "カタカナ ひらがな", "か\u{3099}", " \u{3099}a", "ÀÉÎ ŒẞΣ ΑΣ", "İstanbul", "👨‍👩‍👧 Ｈ",
        "　 \u{2003}x\r\n", "\u{FF5E}\u{FF5F}\u{FFE5}", "한글 ᄀ", "𠮷野家", "", "　", "Ⅷ", "\u{FFFD}É", "㋿㍿",
    ])
    func foldingIsLowerCaseWithPlainLetters(written: String) {
        var plain = String.UnicodeScalarView()
        for scalar in written.unicodeScalars {
            switch scalar.value {
            case 0x3000: plain.append(" ")
            case 0xFF01...0xFF5E: plain.append(Unicode.Scalar(scalar.value - 0xFEE0)!)
            default: plain.append(scalar)
            }
        }
        var expected = String(plain).lowercased()[...]
        while expected.first?.isWhitespace == true { expected.removeFirst() }
        while expected.last?.isWhitespace == true { expected.removeLast() }
        #expect(Array(folded(written).utf8) == Array(expected.utf8))
    }

    @Test(arguments: ["(", "[", "(?<n>a)(?<n>b)", #"\C"#, "a{2,1}", #"(?<"#])
    func aPatternThatDoesNotCompileSaysWhatIsWrong(pattern: String) throws {
        let error = try #require(throws: PatternError.self) { try Pattern(pattern) }
        guard case .invalid(let reason, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func aPatternIsBoundedInLength() throws {
        #expect(throws: PatternError.tooLong(bytes: 5000)) { try Pattern(String(repeating: "a", count: 5000)) }
        #expect(throws: PatternError.self) {
            try Pattern(String(repeating: "(", count: 2000) + String(repeating: ")", count: 2000))
        }
    }

    @Test(arguments: ["", "\u{0}", "é", "👨‍👩‍👧", "\u{FFFD}"])
    func patternsWorkOnAnyText(text: String) throws {
        #expect(try Pattern(#"\A.*\z"#).firstMatch(in: text)?[0] == text)
    }
}

@Suite("A text of stacked accents")
struct StackedAccentsTests {
    /// Swift's own comparison would sort these by the square of their number.
    private let accents = "e" + String(repeating: "\u{301}\u{316}", count: 100_000)

    @Test func isComparedByteByByte() async throws {
        let bot = Bot {
            On(.text(equalTo: "e", "你好")) { _, _ in .text("equal") }
            On(.text(startingWith: "你")) { _, _ in .text("starts") }
            On(.text(startingWith: "e\u{301}\u{316}")) { _, _ in .text("starts with accents") }
        }
        #expect(try await bot.answer(text(accents)) == .text("starts with accents"))
        let clicks = Bot {
            On(.click(key: "e")) { _, _ in .text("key") }
            On(.click.eventKey(startingWith: "e\u{301}")) { _, _ in .text("prefix") }
        }
        #expect(
            try await clicks.answer(event("CLICK", "<EventKey>\(accents)</EventKey>")) == .text("prefix"))
    }
}
