import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("A dialogue by rules")
struct SessionTests {
    private static let orders = """
        session: 10m
        rules:
          - state: order
            text: 取消
            reply: 好的
            set: none
          - state: order
            text: {matches: '^(?<number>\\d+)$'}
            reply: 订单 {{number}} 寄到哪里？
            set: {state: address, number: '{{number}}'}
          - state: order
            reply: 订单号是数字
          - state: address
            text:
            reply: 订单 {{session.number}} 寄到 {{content}}
            set: {state: none}
          - text: 查订单
            reply: 请输入订单号
            set: {state: order}
          - any:
            reply: '?{{#session.number}}{{session.number}}{{/session.number}}'
        """

    @Test("goes over three messages, and each user has their own")
    func dialogue() async throws {
        let account = try RuledAccount(Self.orders)
        #expect(try await account.answer("42") == "?")
        #expect(try await account.answer("查订单") == "请输入订单号")
        #expect(try await account.answer("abc") == "订单号是数字")
        #expect(try await account.answer("42", from: "oOther") == "?")
        #expect(try await account.answer("42") == "订单 42 寄到哪里？")
        #expect(try await account.answer("北京") == "订单 42 寄到 北京")
        #expect(try await account.answer("42") == "?")
    }

    @Test("can be left, and everything in it is forgotten")
    func cancelled() async throws {
        let account = try RuledAccount(Self.orders)
        _ = try await account.answer("查订单")
        #expect(try await account.answer("取消") == "好的")
        #expect(try await account.sessions.session(of: "oUser") == Session())
        #expect(try await account.answer("取消") == "?")
    }

    @Test("ends by itself after its time")
    func expires() async throws {
        let account = try RuledAccount(Self.orders.replacing("session: 10m", with: "session: 1s"))
        _ = try await account.answer("查订单")
        try await Task.sleep(for: .milliseconds(1200))
        #expect(try await account.answer("42") == "?")
    }

    @Test("is forgotten when the user leaves the account")
    func unsubscribed() async throws {
        let account = try RuledAccount(Self.orders)
        _ = try await account.answer("查订单")
        _ = try await account.answer(try Sample.event("unsubscribe"))
        #expect(try await account.sessions.session(of: "oUser") == Session())
    }

    @Test("is no dialogue where there is no store")
    func noStore() async throws {
        let rules = try Rules(yaml: Self.orders)
        let reply = try await rules.bot.answer(try Sample.text("查订单"), Context(account: "a"))
        #expect(reply == .text("请输入订单号"))
        #expect(try await rules.bot.answer(try Sample.text("1"), Context(account: "a")) == .text("?"))
    }

    @Test("that no longer fits is told of a few times, however many messages come")
    func warnings() async throws {
        let account = try RuledAccount(
            """
            rules:
              - text: {starts_with: a}
                reply: ok
                set: {a: '{{content}}'}
              - text: {starts_with: b}
                reply: ok
                set: {b: '{{content}}'}
            """)
        let log = ChatLog()
        let context = Context(account: "test", sessions: account.sessions, logger: log.logger)
        let start = ContinuousClock.now
        for _ in 0..<50 {
            for letter in ["a", "b"] {
                let text = letter + String(repeating: "x", count: 17 << 10)
                #expect(try await account.bot.answer(Sample.text(text), context) == .text("ok"))
            }
        }
        let lines = log.all.filter { $0.contains("a user's session was not changed") }
        #expect(!lines.isEmpty)
        #expect(lines.count <= 2 + Int((.now - start) / .seconds(60)))
    }

    @Test("that cannot be erased is told of a few times, however many users leave")
    func failedErasure() async throws {
        let account = try RuledAccount(Self.orders)
        let store = ChatTestStore()
        store.setDown(true)
        let log = ChatLog()
        let context = Context(
            account: "test", sessions: Sessions(store: store, account: "test"), logger: log.logger)
        let start = ContinuousClock.now
        for number in 0..<100 {
            _ = try await account.bot.answer(try Sample.event("unsubscribe", from: "oUser\(number)"), context)
        }
        let lines = log.all.filter { $0.contains("could not be erased") }
        #expect(!lines.isEmpty)
        #expect(lines.count <= 2 + Int((.now - start) / .seconds(60)))
    }
}
