import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("A template")
struct TemplateTests {
    private func render(_ text: String, _ message: Message) throws -> String {
        try Template(text).render(message, Context(account: "shop", captures: Captures()))
    }

    @Test("has the fields of the message, by the names of the XML or in lower case")
    func fields() throws {
        let message = try Sample.message("voice", ["Recognition": "你好", "MediaId": "m1"])
        #expect(try render("你说的是：{{recognition}}", message) == "你说的是：你好")
        #expect(try render("{{Recognition}}/{{media_id}}/{{account}}", message) == "你好/m1/shop")
        #expect(try render("[{{content}}]", message) == "[]")
    }

    @Test("has fields inside fields")
    func nested() throws {
        let xml = """
            <xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><MsgType>event</MsgType>
            <Event>scancode_waitmsg</Event><ScanCodeInfo><ScanResult>42</ScanResult></ScanCodeInfo></xml>
            """
        #expect(try render("{{scan_code_info.scan_result}}", try Message(parsing: Array(xml.utf8))) == "42")
    }

    @Test("escapes nothing, and what a user writes is never a template")
    func plain() throws {
        let message = try Sample.text("<b>&\"' {{from_user_name}}")
        #expect(
            try render("{{content}}|{{{content}}}|{{&content}}", message)
                == "<b>&\"' {{from_user_name}}|<b>&\"' {{from_user_name}}|<b>&\"' {{from_user_name}}")
    }

    @Test("has sections for what is there and what is not, and keeps its lines")
    func sections() throws {
        let template = "{{#label}}在 {{label}}{{/label}}{{^label}}不知道在哪{{/label}}\n第二行"
        #expect(try render(template, try Sample.message("location", ["Label": "北京"])) == "在 北京\n第二行")
        #expect(try render(template, try Sample.message("location", ["Label": ""])) == "不知道在哪\n第二行")
    }

    @Test(
        "that is no template says why",
        arguments: [
            ("{{content", TemplateError.unfinishedTag),
            ("{{#a}}x", .sectionNotClosed("a")),
            ("x{{/a}}", .sectionNotOpen("a")),
            ("{{> file}}", .notAccepted),
            ("{{=<% %>=}}", .notAccepted),
            ("{{a b!}}", .unreadable),
            (String(repeating: "{{#a}}", count: 9) + String(repeating: "{{/a}}", count: 9), .tooDeep),
            (String(repeating: "{{a}}", count: 65), .tooManyTags),
        ])
    func refused(_ text: String, _ error: TemplateError) {
        #expect(throws: error) { try Template(text) }
    }

    @Test("grows to no more than its tags times the longest value")
    func bounded() throws {
        let message = try Sample.text(String(repeating: "长", count: 100_000))
        let text = try render(String(repeating: "{{content}}", count: 64), message)
        #expect(text.utf8.count <= 64 * (16 << 10) + 64 * 4)
    }

    @Test(
        "names are those of the XML in lower case",
        arguments: [
            ("MediaId", "media_id"), ("Location_X", "location_x"), ("HQMusicUrl", "hq_music_url"),
            ("MsgType", "msg_type"),
            ("bizmsgmenuid", "bizmsgmenuid"), ("FileMd5", "file_md5"), ("MediaId16K", "media_id16_k"),
            ("Event", "event"),
        ])
    func names(_ name: String, _ expected: String) { #expect(FieldName.snakeCase(name) == expected) }
}
