import OfficialAccount
import OfficialAccountBot
import Testing

@Suite("Which handler answers")
struct DispatchTests {
    @Test func theFirstHandlerThatMatchesAnswers() async throws {
        let bot = Bot {
            On(.text) { _, _ in .text("first") }
            On(.text) { _, _ in .text("second") }
        }
        #expect(try await bot.answer(text("hello")) == .text("first"))
    }

    @Test func aHandlerGetsTheTypedMessage() async throws {
        let bot = Bot {
            On(.text) { message, _ in .text(message.content) }
            On(.image) { message, _ in .image(mediaID: message.mediaID) }
            On(.subscribe) { _, _ in .text("Hi~ 终于等到你") }
            Otherwise { _, _ in .none }
        }
        let image = try message("image", "<PicUrl>u</PicUrl><MediaId>m</MediaId><MsgId>2</MsgId>")
        #expect(try await bot.answer(text("你好")) == .text("你好"))
        #expect(try await bot.answer(image) == .image(mediaID: try #require(ImageMessage(image)).mediaID))
        #expect(try await bot.answer(event("subscribe")) == .text("Hi~ 终于等到你"))
        #expect(try await bot.answer(event("VIEW", "<EventKey>u</EventKey>")) == .none)
    }

    @Test func nothingIsAnsweredWhereNoHandlerMatches() async throws {
        let bot = Bot { On(.image) { _, _ in .text("image") } }
        #expect(try await bot.answer(text("hello")) == .none)
        #expect(try await Bot {}.answer(text("hello")) == .none)
    }

    @Test func keywordsAndGeneralHandlersKeepTheirOrder() async throws {
        let bot = Bot {
            On(.text(equalTo: "a")) { _, _ in .text("1") }
            On(.text.where { $0.content.count > 3 }) { _, _ in .text("2") }
            On(.text(equalTo: "abcd", "b")) { _, _ in .text("3") }
            Otherwise { _, _ in .text("4") }
            On(.text(equalTo: "c")) { _, _ in .text("5") }
        }
        #expect(try await bot.answer(text("a")) == .text("1"))
        #expect(try await bot.answer(text("abcd")) == .text("2"))
        #expect(try await bot.answer(text("b")) == .text("3"))
        #expect(try await bot.answer(text("c")) == .text("4"))
    }

    @Test func aThousandKeywordsEachFindTheirOwn() async throws {
        let bot = Bot {
            for number in 0..<1000 { On(.text(equalTo: "word \(number)")) { _, _ in .text("\(number)") } }
            Otherwise { _, _ in .text("none") }
        }
        for number in [0, 1, 499, 999] {
            #expect(try await bot.answer(text("WORD \(number)")) == .text("\(number)"))
        }
        #expect(try await bot.answer(text("word")) == .text("none"))
    }

    @Test func unknownTypesAndEventsReachHandlersByNameWithTheirFields() async throws {
        let bot = Bot {
            On(.message("hologram")) { message, _ in .text(message.fields["Scene"]?.fields.text("Name") ?? "") }
            On(.event("card_pass_check")) { message, _ in .text(message.fields.text("CardId") ?? "") }
            On(.event("device_event", key: "k")) { _, _ in .text("device") }
            On(.anyEvent) { _, _ in .text("some event") }
            On(.anyMessage) { _, _ in .text("some message") }
        }
        #expect(try await bot.answer(message("hologram", "<Scene><Name>n</Name></Scene>")) == .text("n"))
        #expect(try await bot.answer(event("card_pass_check", "<CardId>c</CardId>")) == .text("c"))
        #expect(try await bot.answer(event("device_event", "<EventKey>k</EventKey>")) == .text("device"))
        #expect(try await bot.answer(event("device_event", "<EventKey>x</EventKey>")) == .text("some event"))
        #expect(try await bot.answer(message("smoke_signal")) == .text("some message"))
    }

    @Test func aKnownTypeWithoutWhatItNeedsReachesTheGeneralHandler() async throws {
        let bot = Bot {
            On(.location) { _, _ in .text("place") }
            Otherwise { message, _ in .text("fields: \(message.fields.count)") }
        }
        #expect(try await bot.answer(message("location", "<Label>here</Label>")) == .text("fields: 5"))
    }

    @Test func whatAHandlerThrowsReachesTheCaller() async throws {
        struct Broken: Error {}
        let bot = Bot { On(.text) { _, _ in throw Broken() } }
        await #expect(throws: Broken.self) { try await bot.answer(text("hello")) }
    }

    @Test(arguments: [
        ("CLICK", "<EventKey>about</EventKey>", "about"), ("CLICK", "<EventKey>page-2</EventKey>", "a page"),
        ("CLICK", "<EventKey>other</EventKey>", "click"), ("SCAN", "<EventKey>7</EventKey><Ticket>t</Ticket>", "scan"),
    ])
    func eventsAreToldApartByTheirKey(name: String, elements: String, answer: String) async throws {
        let bot = Bot {
            On(.click(key: "about")) { _, _ in .text("about") }
            On(.click.eventKey(startingWith: "page-")) { _, _ in .text("a page") }
            On(.click) { _, _ in .text("click") }
            On(.scan) { _, _ in .text("scan") }
        }
        #expect(try await bot.answer(event(name, elements)) == .text(answer))
    }

    @Test func handlersCanBeChosenByConditionsAndLoops() async throws {
        let polite = true
        let bot = Bot {
            if polite { On(.text(equalTo: "hi")) { _, _ in .text("hello") } }
            if !polite { On(.text) { _, _ in .text("what") } } else { On(.text) { _, _ in .text("pardon") } }
        }
        #expect(try await bot.answer(text("hi")) == .text("hello"))
        #expect(try await bot.answer(text("other")) == .text("pardon"))
    }
}
