import OfficialAccount
import OfficialAccountBot
import Testing

@Suite("README's narrowed handlers")
struct ReadmeTests {
    private func weather(_ text: String) async throws -> String { "晴" }

    @Test func answerAsTheyRead() async throws {
        let about = Article(title: "关于我们", description: "我们是谁", pictureURL: "https://a", url: "https://b")
        let weather = weather
        let bot = try Bot {
            On(.text(equalTo: "帮助", "help")) { _, _ in .text("1. 天气\n2. 订单") }
            On(.text(startingWith: "天气")) { message, _ in .text(try await weather(message.content)) }
            try On(.text(matching: #"订单\s*(?<id>\d+)"#)) { _, context in .text("订单 \(context.captures["id"] ?? "")") }
            On(.click(key: "about")) { _, _ in .news(about) }
            On(.location.where { $0.label != nil }) { place, _ in
                .text("\(place.latitude.value), \(place.longitude.value)")
            }
            On(.event("card_pass_check")) { event, _ in .text(event.fields.text("CardId") ?? "") }
        }
        let place = "<Location_X>31.2</Location_X><Location_Y>121.5</Location_Y><Label>外滩</Label>"
        #expect(try await bot.answer(text("ＨＥＬＰ")) == .text("1. 天气\n2. 订单"))
        #expect(try await bot.answer(text("天气 上海")) == .text("晴"))
        #expect(try await bot.answer(text("我的订单 7")) == .text("订单 7"))
        #expect(try await bot.answer(event("CLICK", "<EventKey>about</EventKey>")) == .news(about))
        #expect(try await bot.answer(message("location", place)) == .text("31.2, 121.5"))
        #expect(try await bot.answer(event("card_pass_check", "<CardId>c</CardId>")) == .text("c"))
    }
}
