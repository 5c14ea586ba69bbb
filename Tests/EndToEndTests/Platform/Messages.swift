import TestSupport
import Testing

/// A message that the platform delivers, and what the program says to it when nobody has written rules.
struct SampleMessage: Sendable, CustomTestStringConvertible {
    let name: String
    let fields: String
    let reply: Reply

    init(_ name: String, _ fields: String, gets reply: Reply) {
        self.name = name
        self.fields = fields
        self.reply = reply
    }

    var testDescription: String { name }

    /// The message's XML as the platform writes it.
    var xml: String {
        """
        <xml><ToUserName><![CDATA[gh_account]]></ToUserName>
        <FromUserName><![CDATA[oSender]]></FromUserName>
        <CreateTime>1348831860</CreateTime>
        \(fields)</xml>
        """
    }

    /// A text message.
    static func text(_ content: String) -> SampleMessage {
        message(
            "text", "<Content><![CDATA[\(content.replacing("]]>", with: "]]]]><![CDATA[>"))]]></Content>",
            .text(content))
    }

    private static let otherwise = Reply.text("Hi~ 终于等到你啦")

    private static func message(_ type: String, _ fields: String, _ reply: Reply = otherwise) -> SampleMessage {
        // A number of its own: two messages with the same one are one message, which is answered alike.
        let number = UInt64.random(in: 1_000_000_000_000_000_000...9_000_000_000_000_000_000)
        return SampleMessage(
            type, "<MsgType><![CDATA[\(type)]]></MsgType>\n\(fields)\n<MsgId>\(number)</MsgId>", gets: reply)
    }

    private static func event(_ event: String, _ fields: String = "", _ reply: Reply = .none) -> SampleMessage {
        SampleMessage(
            "event \(event)", "<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[\(event)]]></Event>\n\(fields)",
            gets: reply)
    }

    private static func key(_ key: String) -> String { "<EventKey><![CDATA[\(key)]]></EventKey>" }

    private static let scannedCode = """
        <ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[2]]></ScanResult></ScanCodeInfo>
        """

    private static let pictures = """
        <SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum><![CDATA[1b]]></PicMd5Sum></item></PicList></SendPicsInfo>
        """
}

extension SampleMessage {
    /// One of each type.
    static let types: [SampleMessage] = [
        text("你好, <世界> & 😀 ]]> end"),
        message(
            "image", "<PicUrl><![CDATA[http://mmbiz.example/p]]></PicUrl><MediaId><![CDATA[media_id_1]]></MediaId>",
            .image(mediaID: "media_id_1")),
        message("voice", "<MediaId><![CDATA[m]]></MediaId><Format><![CDATA[amr]]></Format><Recognition></Recognition>"),
        message("video", "<MediaId><![CDATA[m]]></MediaId><ThumbMediaId><![CDATA[t]]></ThumbMediaId>"),
        message("shortvideo", "<MediaId><![CDATA[m]]></MediaId><ThumbMediaId><![CDATA[t]]></ThumbMediaId>"),
        message(
            "location",
            "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale><Label>广州</Label>"),
        message("link", "<Title>t</Title><Description>d</Description><Url>https://example.com/?a=1&amp;b=2</Url>"),
        message(
            "miniprogrampage",
            "<Title>t</Title><AppId>wx1</AppId><PagePath>p</PagePath><ThumbUrl>u</ThumbUrl><ThumbMediaId>m</ThumbMediaId>"
        ),
        message(
            "file",
            "<Title>t</Title><Description/><FileKey>k</FileKey><FileMd5>5d</FileMd5><FileTotalLen>9</FileTotalLen>"),
        message("a_type_of_tomorrow", "<Anything><Nested>1</Nested><Nested>2</Nested></Anything>"),
    ]

    /// The events that most accounts see.
    static let events: [SampleMessage] = [
        event("subscribe", "", .text("Hi~ 终于等到你")),
        event("subscribe", key("qrscene_123") + "<Ticket><![CDATA[T]]></Ticket>", .text("Hi~ 终于等到你")),
        event("unsubscribe", key("")),
        event("SCAN", key("123") + "<Ticket><![CDATA[T]]></Ticket>"),
        event(
            "LOCATION", "<Latitude>23.137466</Latitude><Longitude>113.352425</Longitude><Precision>119.4</Precision>"),
        event("CLICK", key("MENU_1")),
        event("VIEW", key("https://example.com/") + "<MenuId>MENUID</MenuId>"),
        event("scancode_push", key("6") + scannedCode),
        event("scancode_waitmsg", key("6") + scannedCode),
        event("pic_sysphoto", key("6") + pictures),
        event("pic_photo_or_album", key("6") + pictures),
        event("pic_weixin", key("6") + pictures),
        event(
            "location_select",
            key("6")
                + "<SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y><Scale>15</Scale></SendLocationInfo>"
        ),
        event("view_miniprogram", key("pages/index") + "<MenuId>MENUID</MenuId>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>200163836</MsgID><Status><![CDATA[success]]></Status>"),
        event(
            "MASSSENDJOBFINISH",
            "<MsgID>1000001625</MsgID><Status><![CDATA[send success]]></Status><TotalCount>0</TotalCount>"),
        event(
            "PUBLISHJOBFINISH",
            """
            <PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>
            <article_id><![CDATA[A]]></article_id><article_detail><count>1</count><item><idx>1</idx>
            <article_url><![CDATA[https://example.com/a]]></article_url></item></article_detail></PublishEventInfo>
            """),
        event("kf_create_session", "<KfAccount><![CDATA[a@b]]></KfAccount>"),
        event("kf_close_session", "<KfAccount><![CDATA[a@b]]></KfAccount>"),
        event("kf_switch_session", "<FromKfAccount>a@b</FromKfAccount><ToKfAccount>c@d</ToKfAccount>"),
        event("an_event_of_tomorrow", "<List><item>1</item><item>2</item></List>"),
    ]
}
