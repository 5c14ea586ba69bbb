import Logging
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import wechat_fcgi

@Suite("The program with no handler of its own")
struct EchoBotTests {
    private func answer(_ fields: String) async throws -> Reply {
        let xml =
            "<xml><ToUserName>gh</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>\(fields)</xml>"
        let message = try Message(parsing: Array(xml.utf8))
        return try await EchoBot.bot.answer(message, Context(account: "test", logger: Logger(label: "test")))
    }

    @Test(
        "echoes texts and images, greets who follows, answers every other message, and no other event",
        arguments: [
            ("<MsgType>text</MsgType><Content>你好</Content>", Reply.text("你好")),
            ("<MsgType>event</MsgType><Event>subscribe</Event>", .text("Hi~ 终于等到你")),
            ("<MsgType>event</MsgType><Event>unsubscribe</Event>", .none),
            ("<MsgType>event</MsgType><Event>CLICK</Event><EventKey>k</EventKey>", .none),
            ("<MsgType>event</MsgType><Event>brand_new</Event>", .none),
            ("<MsgType>voice</MsgType><MediaId>m</MediaId>", .text("Hi~ 终于等到你啦")),
            ("<MsgType>location</MsgType><Location_X>1</Location_X>", .text("Hi~ 终于等到你啦")),
            ("<MsgType>brand_new</MsgType>", .text("Hi~ 终于等到你啦")),
        ])
    func answers(fields: String, expected: Reply) async throws {
        #expect(try await answer(fields) == expected)
    }

    @Test("an image comes back by its MediaId")
    func image() async throws {
        let reply = try await answer("<MsgType>image</MsgType><PicUrl>http://p</PicUrl><MediaId>m1</MediaId>")
        guard case .image(let mediaID) = reply.content else { return #expect(Bool(false), "\(reply)") }
        #expect(mediaID.rawValue == "m1")
    }
}
