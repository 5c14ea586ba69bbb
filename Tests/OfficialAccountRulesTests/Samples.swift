import OfficialAccount
import OfficialAccountBot

@testable import OfficialAccountRules

/// Messages as the platform sends them, as short as a test can say them.
enum Sample {
    static func text(_ content: String, from user: String = "oUser") throws -> Message {
        try message("text", ["Content": content, "MsgId": "1"], from: user)
    }

    static func event(_ event: String, key: String? = nil, from user: String = "oUser") throws -> Message {
        try message("event", ["Event": event].merging(key.map { ["EventKey": $0] } ?? [:]) { $1 }, from: user)
    }

    static func message(_ type: String, _ fields: [String: String] = [:], from user: String = "oUser") throws -> Message
    {
        var xml = "<xml><ToUserName>gh_1</ToUserName><FromUserName>\(user)</FromUserName>"
        xml += "<CreateTime>1700000000</CreateTime><MsgType>\(type)</MsgType>"
        for (name, value) in fields { xml += "<\(name)><![CDATA[\(value)]]></\(name)>" }
        return try Message(parsing: Array((xml + "</xml>").utf8))
    }
}

/// An account whose rules are asked one message after the other.
struct RuledAccount {
    let bot: Bot
    let warnings: [Mistake]
    let sessions = Sessions(store: MemoryStore(), account: "test")

    init(_ yaml: String) throws {
        let rules = try Rules(yaml: yaml)
        bot = rules.bot
        warnings = rules.warnings
    }

    func answer(_ message: Message) async throws -> Reply {
        try await bot.answer(message, Context(account: "test", sessions: sessions))
    }

    func answer(_ text: String, from user: String = "oUser") async throws -> String? {
        let reply = try await answer(try Sample.text(text, from: user))
        if case .text(let text) = reply.content { return text }
        return reply == .none ? nil : reply.description
    }

    /// The mistakes of a file, as lines.
    static func mistakes(_ yaml: String) -> [String] {
        do throws(ConfigurationError) {
            return try Rules(yaml: yaml, file: "r").warnings.map { $0.line(in: "r") }
        } catch {
            return error.lines
        }
    }
}
