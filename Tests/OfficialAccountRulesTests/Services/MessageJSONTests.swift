import Foundation
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("A message as JSON") struct MessageJSONTests {
    private func json(_ message: Message, _ context: Context = context()) -> String {
        String(decoding: MessageJSON.bytes(message, context), as: UTF8.self)
    }

    private func object(_ message: Message, _ context: Context = context()) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(MessageJSON.bytes(message, context)))
        return try #require(json as? [String: Any])
    }

    @Test func hasWhatIsKnownInAFixedForm() throws {
        let captures = try #require(try Pattern(#"查订单 (?<number>\d+)(x)?"#).firstMatch(in: "查订单 42"))
        let session = Session(state: "asked", values: ["b": "2", "a": "1"])
        #expect(
            json(try textMessage("查订单 42"), context(session: session, captures: captures)) == """
                {"version":1,"account":"shop","attempt":1,\
                "message":{"type":"text","from_user_name":"oUser","to_user_name":"gh_shop","create_time":1700000000,\
                "message_id":"24400000000000001","content":"查订单 42"},\
                "fields":{"ToUserName":"gh_shop","FromUserName":"oUser","CreateTime":"1700000000","MsgType":"text",\
                "Content":"查订单 42","MsgId":"24400000000000001"},\
                "captures":{"0":"查订单 42","1":"42","number":"42"},\
                "session":{"state":"asked","values":{"a":"1","b":"2"}}}
                """)
    }

    @Test func hasNoSessionWhereThereIsNone() throws {
        let json = json(try textMessage(), context())
        #expect(json.hasSuffix(#""captures":{},"session":null}"#))
    }

    @Test func hasElementsThatNobodyKnowsNestedAndRepeatedOnes() throws {
        let message = try message(
            """
            <MsgType>event</MsgType><Event>pic_weixin</Event><EventKey></EventKey><SendPicsInfo><Count>2</Count><PicList>\
            <item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>\
            <BrandNew2Field>x</BrandNew2Field><Encrypt>AAAA</Encrypt>
            """)
        let object = try object(message)
        let fields = try #require(object["message"] as? [String: Any])
        #expect(fields["type"] as? String == "event")
        #expect(fields["event"] as? String == "pic_weixin")
        #expect(fields["event_key"] as? String == "")
        #expect(fields["brand_new2_field"] as? String == "x")
        #expect(fields["message_id"] == nil)
        let list = (fields["send_pics_info"] as? [String: Any])?["pic_list"] as? [String: [[String: String]]]
        #expect(list == ["item": [["pic_md5_sum": "a"], ["pic_md5_sum": "b"]]])
        let tree = try #require(object["fields"] as? [String: Any])
        #expect(tree["BrandNew2Field"] as? String == "x")
        let original = (tree["SendPicsInfo"] as? [String: Any])?["PicList"] as? [String: [[String: String]]]
        #expect(original == ["item": [["PicMd5Sum": "a"], ["PicMd5Sum": "b"]]])
        #expect(!json(message).contains("AAAA"))
    }

    @Test(
        "Every text comes back as it was",
        arguments: [
            #"a "quoted" \ backslash"#, "two\nlines\r\tand a tab", "line\u{2028}and paragraph\u{2029}separators",
            "👨‍👩‍👧 \u{7F} \u{E2}\u{80} 中文", "</script>]]", "{{{{[[[[",
        ])
    func text(text: String) throws {
        let message = try textMessage(text)
        let json = json(message)
        #expect(!json.contains { "\u{2028}\u{2029}\n\r\t\u{7F}".contains($0) })
        let fields = try object(message)["message"] as? [String: Any]
        // XML takes a carriage return for a newline.
        #expect(fields?["content"] as? String == text.replacing("\r", with: "\n"))
    }
}
