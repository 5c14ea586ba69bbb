import OfficialAccount
import OfficialAccountBot
import Testing

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
