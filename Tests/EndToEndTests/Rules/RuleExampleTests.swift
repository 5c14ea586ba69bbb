import Foundation
import HTTPStub
import NIOHTTP1
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("The example files of rules", .onOwnThreads)
struct RuleExampleTests {
    private static let token = "ExampleToken"

    private func server(_ name: String, _ environment: [String: String] = [:]) throws -> RuledServer {
        let file = try text(ofFile: Checkout.deploy("config/examples/\(name).yaml"))
        let start = try #require(file.range(of: "accounts:"))
        let server = try RuledServer(
            String(file[start.lowerBound...]),
            environment: environment.merging(["WECHAT_TOKEN": Self.token]) { $1 })
        #expect(!server.log.contains("warning"), "\(server.log)")
        return server
    }

    private func user(_ server: RuledServer) throws -> SimulatedUser {
        try server.platform("/wechat", credentials: Credentials(token: Token(parsing: Self.token)))
            .user("oExample")
    }

    @Test(
        "have no mistakes", arguments: ["echo", "customer-desk", "order-lookup", "ai-account", "several-accounts"])
    func check(_ name: String) throws {
        let names = [
            "WECHAT_TOKEN", "ORDER_SERVICE", "ORDER_SECRET", "CHAT_ENDPOINT", "CHAT_MODEL", "CHAT_KEY", "SHOP_TOKEN",
            "CLUB_TOKEN", "CLUB_APP_ID", "CLUB_AES_KEY", "TEST_TOKEN",
        ]
        var variables = Dictionary(uniqueKeysWithValues: names.map { ($0, "Example0123456789abcdef") })
        variables["CLUB_APP_ID"] = LateServer.appID
        variables["CLUB_AES_KEY"] = Account.firstKey
        variables["ORDER_SERVICE"] = "https://orders.example.com/wechat"
        variables["CHAT_ENDPOINT"] = "https://chat.example.com/v1/chat/completions"
        let outcome = try run(
            [Program.path, "check", Checkout.deploy("config/examples/\(name).yaml")],
            environment: programEnvironment(variables))
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
    }

    @Test("echo says back what it gets")
    func echo() async throws {
        let user = try user(try server("echo"))
        #expect(await user.reads("你好") == "你好")
        #expect(await user.reads(.voice(mediaID: "m"))?.text == "收到一段语音")
        let picture = try OfficialAccount.Reply.image(mediaID: MediaID("m1"))
        #expect(await user.reads(.image(mediaID: "m1")) == ShownContent.reply(picture))
        #expect(await user.reads(.link(title: "t", description: "d", url: "https://u"))?.text == "收到一条 link 消息")
        #expect(await user.reads(.subscribe())?.text?.hasPrefix("你好") == true)
    }

    @Test("the customer desk answers words and menu keys, and hands over the rest")
    func desk() async throws {
        let user = try user(try server("customer-desk"))
        #expect(await user.reads("1")?.contains("9:00") == true)
        #expect(await user.reads(.click(key: "hours"))?.text?.contains("9:00") == true)
        #expect(
            await user.send(.text("转人工")).deliveries.last?.reply == OfficialAccount.Reply.transferToCustomerService())
        #expect(await user.reads("谢谢") != nil)
        #expect(await user.reads(.view(url: "https://example.com")) == nil)
        #expect(await user.reads("别的")?.contains("人工") == true)
    }

    @Test("the order look-up asks for the number and has a service answer")
    func orders() async throws {
        let service = try await ScriptedHTTPServer { request in
            let captures = request.json["captures"] as? [String: Any] ?? [:]
            return ScriptedHTTPServer.answer("订单 \(captures["id"] ?? "?") 已发货", "text/plain; charset=utf-8")
        }
        let server = try server(
            "order-lookup",
            ["ORDER_SERVICE": "http://127.0.0.1:\(service.port)/", "ORDER_SECRET": "0123456789abcdef"])
        let user = try user(server)
        #expect(await user.reads("42") == "回复「订单」查询订单。")
        #expect(await user.reads("我的订单呢") == "请输入订单号")
        #expect(await user.reads("啊") == "订单号是一串数字，比如 20260101。回复「取消」退出。")
        #expect(await user.reads("是 42") == "订单 42 已发货")
        #expect(await user.reads("42") == "回复「订单」查询订单。")
        #expect(await user.reads("查订单 7") == "订单 7 已发货")
        #expect(service.requests.allSatisfy { $0.head.headers.contains(name: "X-WeChat-FCGI-Signature") })
        await service.stop()
    }

    @Test("the AI account answers by a chat")
    func assistant() async throws {
        let endpoint = try await ScriptedHTTPServer { ScriptedHTTPServer.chat(["答：", $0.question]) }
        let user = try user(
            try server(
                "ai-account",
                [
                    "CHAT_ENDPOINT": "http://127.0.0.1:\(endpoint.port)/v1/chat/completions", "CHAT_MODEL": "m",
                    "CHAT_KEY": "k",
                ]))
        #expect(await user.reads("为什么") == "答：为什么")
        #expect(await user.reads(.image(mediaID: "m"))?.text == "我现在只看得懂文字")
        await endpoint.stop()
    }

    @Test("several accounts each have their own rules")
    func several() async throws {
        let server = try server(
            "several-accounts",
            [
                "SHOP_TOKEN": "ShopToken", "CLUB_TOKEN": "ClubToken", "CLUB_APP_ID": LateServer.appID,
                "CLUB_AES_KEY": Account.firstKey, "TEST_TOKEN": "TestToken",
            ])
        let shop = try server.platform("/wechat/shop", credentials: Credentials(token: Token(parsing: "ShopToken")))
        #expect(await shop.user("oA").reads("营业时间") == "9:00–21:00")
        let club = try server.platform(
            "/wechat/club",
            credentials: Credentials(
                token: Token(parsing: "ClubToken"), appID: AppID(parsing: LateServer.appID),
                encodingAESKey: EncodingAESKey(parsing: Account.firstKey)))
        #expect(await club.user("oA").reads("报名 小王") == "报名 小王，已记下")
        let test = try server.platform("/wechat/test", credentials: Credentials(token: Token(parsing: "TestToken")))
        #expect(await test.user("oA").reads("x") == "[test] x")
    }
}
