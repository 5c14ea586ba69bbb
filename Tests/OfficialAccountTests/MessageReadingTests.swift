import OfficialAccount
import Testing

@Suite("Reading a message")
struct MessageReadingTests {
    @Test("gives what all messages have")
    func common() throws {
        let message = try Samples.message(type: "text", "<Content>hi</Content><MsgDataId>7</MsgDataId><Idx>2</Idx>")
        #expect(message.toUserName == "gh_0123456789ab")
        #expect(message.fromUserName == "oUser_0123456789abcdefghijkl")
        #expect(message.createTime == 1_460_537_339)
        #expect(message.type == .text)
        #expect(message.messageID == 6_272_960_105_994_287_618)
        #expect(message.event == nil)
        #expect(message.messageDataID == "7")
        #expect(message.index == 2)
        #expect(
            message.fields.map(\.name) == [
                "ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgDataId", "Idx", "MsgId",
            ])
    }

    @Test(
        "refuses a body without an element that no message can do without",
        arguments: [
            "MsgType", "ToUserName", "FromUserName",
        ])
    func required(_ name: String) {
        let names = ["MsgType", "ToUserName", "FromUserName"]
        for value in [nil, "", " \n"] {
            let elements = names.map { other in
                let text = other == name ? value : "x"
                return text.map { "<\(other)>\($0)</\(other)>" } ?? ""
            }
            let body = Samples.bytes("<xml>" + elements.joined() + "</xml>")
            #expect(throws: MessageError.missing(field: name)) { try Message(parsing: body) }
        }
    }

    @Test("counts the first of repeated elements and keeps all of them")
    func repeated() throws {
        let message = try Samples.message(type: "text", "<Content>one</Content><MsgId>1</MsgId><Content>two</Content>")
        #expect(TextMessage(message)?.content == "one")
        #expect(message.messageID == 1)
        #expect(message.fields.all("Content").map(\.text) == ["one", "two"])
        #expect(message.fields.all("MsgId").count == 2)
    }

    @Test(
        "reads numbers of 64 bits and nothing that does not fit",
        arguments: [
            ("0", 0), ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("-1", nil), ("", nil),
            ("1e3", nil), ("0x10", nil), (" 12\n", 12), ("１２", nil), ("99999999999999999999999999", nil), ("+1", nil),
        ] as [(String, UInt64?)])
    func messageID(text: String, expected: UInt64?) throws {
        let xml = Samples.xml(type: "text", messageID: text)
        #expect(try Message(parsing: Samples.bytes(xml)).messageID == expected)
    }

    @Test(
        "takes any whole number as the time and 0 in place of anything else",
        arguments: [
            ("1460537339", 1_460_537_339), ("-1", -1), ("-9223372036854775808", Int64.min),
            ("9223372036854775807", .max),
            ("9223372036854775808", 0), ("soon", 0), ("", 0), ("1460537339.5", 0), ("-", 0),
        ] as [(String, Int64)])
    func createTime(text: String, expected: Int64) throws {
        let xml = Samples.xml(type: "text").replacing("1460537339", with: text)
        #expect(try Message(parsing: Samples.bytes(xml)).createTime == expected)
    }

    @Test("ignores white space around names, not within texts")
    func whiteSpace() throws {
        let xml = """
            <xml>
              <ToUserName> gh_1 </ToUserName> <FromUserName>
                o1
              </FromUserName>
              <MsgType> text\t</MsgType><Content>  two
            lines </Content>
            </xml>
            """
        let message = try Message(parsing: Samples.bytes(xml))
        #expect(message.toUserName == "gh_1")
        #expect(message.fromUserName == "o1")
        #expect(TextMessage(message)?.content == "  two\nlines ")
    }

    @Test("keeps an event of no known name, with nested and repeated elements in order")
    func unknown() throws {
        let message = try Samples.event(
            "brand_new", "<Info><Item>1</Item><List><item>a</item><item>b</item></List><Item>2</Item></Info>")
        #expect(message.type == .event)
        #expect(message.event == EventType(rawValue: "brand_new"))
        let info = try #require(message.fields["Info"]?.fields)
        #expect(info.map(\.name) == ["Item", "List", "Item"])
        #expect(info.all("Item").map(\.text) == ["1", "2"])
        #expect(info["List"]?.fields.map(\.text) == ["a", "b"])
        #expect(AnyMessage(message).fields == message.fields)
    }

    @Test("gives an event no name where it has none, and a message none where it has one")
    func eventName() throws {
        #expect(try Samples.event(" ").event == nil)
        #expect(try Samples.message(type: "text", "<Event>subscribe</Event>").event == nil)
    }

    @Test("compares names exactly")
    func exactNames() throws {
        #expect(SubscribeEvent(try Samples.event("Subscribe")) == nil)
        #expect(TextMessage(try Samples.message(type: "TEXT", "<Content>hi</Content>")) == nil)
        #expect(try Samples.message(type: "text", "<content>hi</content>").fields["Content"] == nil)
    }

    @Test("keeps what a user wrote out of descriptions")
    func descriptions() throws {
        let message = try Samples.message(type: "text", "<Content>private words</Content>")
        let values: [Any] = [
            message, try #require(TextMessage(message)), AnyMessage(message), message.fields,
            try #require(message.fields["Content"]),
        ]
        for value in values {
            var printed = "\(value)" + String(reflecting: value)
            dump(value, to: &printed)
            #expect(!printed.contains("private"))
            #expect(!printed.contains("oUser_"))
        }
        #expect("\(message)" == "Message(text, 6272960105994287618)")
    }
}

@Suite("Names that every message has")
struct NameLengthTests {
    @Test("are no longer than any of the platform's", arguments: ["MsgType", "ToUserName", "FromUserName", "Event"])
    func lengths(field: String) throws {
        func message(_ length: Int) throws -> Message {
            var fields = ["ToUserName": "gh", "FromUserName": "o", "MsgType": "event", "Event": "CLICK"]
            // Type by type: only an event has an Event.
            fields[field] =
                field == "MsgType" ? String(repeating: "e", count: length) : String(repeating: "n", count: length)
            return try Message(
                parsing: Samples.bytes("<xml>" + fields.map { "<\($0)>\($1)</\($0)>" }.joined() + "</xml>"))
        }
        _ = try message(128)
        #expect(throws: MessageError.nameTooLong(field: field)) { try message(129) }
    }
}
