import OfficialAccount
import OfficialAccountBot
import Testing

private struct CardEvent: TypedMessage {
    let message: Message
    let cardID: String

    init?(_ message: Message) {
        guard let cardID = message.fields.text("CardId") else { return nil }
        self.message = message
        self.cardID = cardID
    }
}

@Suite("A typed message of one's own")
struct OwnMessageTests {
    private let bot = Bot {
        On(.event("card_pass_check", as: CardEvent.self).eventKey("k")) { card, _ in .text("key \(card.cardID)") }
        On(.event("card_pass_check", as: CardEvent.self)) { card, _ in .text("event \(card.cardID)") }
        On(.message("card", as: CardEvent.self).where { $0.cardID != "x" }) { card, _ in .text(card.cardID) }
        Otherwise { message, _ in .text("\(message.type.rawValue) \(message.event?.rawValue ?? "-")") }
    }

    @Test func reachesItsHandler() async throws {
        #expect(try await bot.answer(event("card_pass_check", "<CardId>c</CardId>")) == .text("event c"))
        #expect(
            try await bot.answer(event("card_pass_check", "<CardId>c</CardId><EventKey>k</EventKey>"))
                == .text("key c"))
        #expect(try await bot.answer(message("card", "<CardId>c</CardId>")) == .text("c"))
    }

    @Test func isLeftToTheNextHandlerWhereItCannotBeReadOrIsOfAnotherName() async throws {
        #expect(try await bot.answer(event("card_pass_check")) == .text("event card_pass_check"))
        #expect(try await bot.answer(message("card", "<CardId>x</CardId>")) == .text("card -"))
        #expect(try await bot.answer(event("card", "<CardId>c</CardId>")) == .text("event card"))
        #expect(try await bot.answer(message("card_pass_check", "<CardId>c</CardId>")) == .text("card_pass_check -"))
    }

    @Test func whatAllMessagesHaveIsAtHand() throws {
        let elements = "<Content>c</Content><MsgDataId>d</MsgDataId><Idx>2</Idx>"
        let written = try #require(TextMessage(message("text", elements)))
        #expect(written.type == .text)
        #expect(written.event == nil)
        #expect(written.messageDataID == "d")
        #expect(written.index == 2)
        let any = AnyMessage(try event("CLICK", "<EventKey>k</EventKey>"))
        #expect(any.type == .event)
        #expect(any.event == .click)
        #expect(any.eventKey == "k")
    }
}
