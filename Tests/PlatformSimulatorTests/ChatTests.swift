import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("What a user sees")
struct ChatTests {
    @Test("Passive replies, customer-service messages and notices are one chat, in order")
    func order() async throws {
        let client = try await SimulatedAPITests.Client()
        let token = try #require(try await client.token()["access_token"] as? String)
        let server = try ScriptedServer { request in
            String(decoding: request.body, as: UTF8.self).contains("慢")
                ? .answer(Accounts.xml("<MsgType>text</MsgType><Content>请稍候</Content>"))
                : .answer("{}")
        }
        let platform = try Accounts.platform(server, api: client.api)
        let user = platform.user("oAlice")
        #expect(await user.send(.text("慢")).outcome == .reply(.text("请稍候")))
        // The user wrote, so the account may.
        #expect(try await client.send("答案", to: "oAlice", token: token) == 0)
        #expect(await user.seen(atLeast: 2, within: .seconds(30)) == [.text("请稍候"), .text("答案")])
        await user.send(.text("快"))
        #expect(user.texts == ["请稍候", "答案", ShownContent.faultNoticeText])
        #expect(user.chat.map(\.way) == [.passiveReply, .customerService, .platform])
        #expect(platform.user("oBob").seen.isEmpty)
        await client.api.stop()
    }

    @Test("Events open the windows that they open")
    func windows() async throws {
        let client = try await SimulatedAPITests.Client()
        let token = try #require(try await client.token()["access_token"] as? String)
        let server = try ScriptedServer { _ in .answer("success") }
        let platform = try Accounts.platform(server, api: client.api)
        let expected: [(SimulatedMessage, Int)] = [
            (.click(key: "K"), 0), (.subscribe(), 0), (.scan(scene: "1", ticket: "T"), 0),
            (.view(url: "http://a"), 45015), (.reportedLocation(latitude: 1, longitude: 1, precision: 1), 45015),
            (.text("a"), 0),
        ]
        for (number, (message, errcode)) in expected.enumerated() {
            let user = platform.user("oUser\(number)")
            await user.send(message)
            #expect(try await client.send("a", to: user.openID, token: token) == errcode, "\(message)")
        }
    }
}
