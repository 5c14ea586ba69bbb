import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("A rule is for")
struct MatchingTests {
    @Test("a text that equals a word, whatever its case, width and space around it")
    func equal() async throws {
        let account = try RuledAccount(
            """
            rules:
              - text: [帮助, help]
                reply: one
              - text: 天气
                reply: two
              - any:
                reply: other
            """)
        for text in ["帮助", " ＨＥＬＰ ", "Help\n"] { #expect(try await account.answer(text) == "one") }
        #expect(try await account.answer("天气") == "two")
        #expect(try await account.answer("天气?") == "other")
    }

    @Test("a text that starts with, contains or matches something")
    func parts() async throws {
        let account = try RuledAccount(
            """
            rules:
              - text: {starts_with: [查, Find]}
                reply: starts
              - text: {contains: 退款}
                reply: contains
              - text: {matches: '订单\\s*(?<id>\\d+)'}
                reply: 订单是 {{id}}，也就是 {{captures.1}}
            """)
        #expect(try await account.answer("查天气") == "starts")
        #expect(try await account.answer("find me") == "starts")
        #expect(try await account.answer("我要退款了") == "contains")
        #expect(try await account.answer("我的订单 42 呢") == "订单是 42，也就是 42")
        #expect(try await account.answer("别的") == nil)
    }

    @Test(
        "a type of message",
        arguments: ["image", "voice", "video", "shortvideo", "location", "link", "miniprogrampage", "file"])
    func types(_ type: String) async throws {
        let account = try RuledAccount("rules: [{\(type): , reply: yes}, {any: , reply: no}]")
        #expect(try await account.answer(try Sample.message(type)) == .text("yes"))
        #expect(try await account.answer(try Sample.text("x")) == .text("no"))
        #expect(try await account.answer(try Sample.event("CLICK", key: "x")) == .none)
    }

    @Test("a type that nobody here has heard of")
    func unknownType() async throws {
        let account = try RuledAccount("rules: [{message: hologram, reply: '{{scene_depth}}'}]")
        #expect(try await account.answer(try Sample.message("hologram", ["SceneDepth": "3"])) == .text("3"))
    }

    @Test("an event, one of several keys of it, or keys that begin alike")
    func events() async throws {
        let account = try RuledAccount(
            """
            rules:
              - event: CLICK
                key: [about, team]
                reply: about us
              - event: CLICK
                key: {starts_with: shop_}
                reply: '{{event_key}}'
              - event: [VIEW, SCAN]
                reply: seen
              - event:
                none:
            """)
        #expect(try await account.answer(try Sample.event("CLICK", key: "team")) == .text("about us"))
        #expect(try await account.answer(try Sample.event("CLICK", key: "shop_1")) == .text("shop_1"))
        #expect(try await account.answer(try Sample.event("SCAN", key: "7")) == .text("seen"))
        #expect(try await account.answer(try Sample.event("LOCATION")) == .none)
        #expect(try await account.answer(try Sample.event("CLICK", key: "About")) == .none)
    }

    @Test("any of the kinds it names, so that a word and a menu key have one answer")
    func several() async throws {
        let account = try RuledAccount("rules: [{text: 关于, event: CLICK, key: about, reply: us}]")
        #expect(try await account.answer("关于") == "us")
        #expect(try await account.answer(try Sample.event("CLICK", key: "about")) == .text("us"))
    }

    @Test("a user who follows; the welcome is for those whom no rule greets")
    func welcome() async throws {
        let account = try RuledAccount(
            """
            welcome: 你好
            rules:
              - event: subscribe
                key: qrscene_shop
                reply: 你好，店里的朋友
              - event:
                reply: something
            """)
        #expect(try await account.answer(try Sample.event("subscribe", key: "qrscene_shop")) == .text("你好，店里的朋友"))
        #expect(try await account.answer(try Sample.event("subscribe")) == .text("你好"))
        #expect(try await account.answer(try Sample.event("VIEW")) == .text("something"))
    }

    @Test("the first that matches answers, and where none does nothing is said")
    func order() async throws {
        let account = try RuledAccount(
            "rules: [{text: {contains: a}, reply: first}, {text: ab, reply: second}, {text: b, reply: third}]")
        #expect(try await account.answer("ab") == "first")
        #expect(try await account.answer("b") == "third")
        #expect(try await account.answer("c") == nil)
    }

    @Test("a pattern that is hostile to a text fails that message alone, within its limits")
    func hostilePattern() async throws {
        let account = try RuledAccount("rules: [{text: {matches: '^(a+)+$'}, reply: x}, {text: ok, reply: fine}]")
        await #expect(throws: PatternError.self) {
            try await account.answer(String(repeating: "a", count: 40) + "b")
        }
        #expect(try await account.answer("ok") == "fine")
    }
}
