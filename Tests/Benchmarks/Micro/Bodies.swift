/// A body of each kind that the platform sends, with the fields that its documentation shows.
enum Bodies {
    /// The kinds by name, and what each has beside the fields of all messages.
    static let kinds: [(name: String, fields: String)] = [
        ("text", type("text") + element("Content", "this is a test") + identifier),
        ("image", type("image") + element("PicUrl", "http://example.com/a.jpg") + media + identifier),
        ("voice", type("voice") + media + element("Format", "amr") + element("Recognition", "你好") + identifier),
        ("video", type("video") + media + element("ThumbMediaId", "thumb_media_id") + identifier),
        (
            "location",
            type("location") + "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y>"
                + "<Scale>20</Scale>" + element("Label", "位置信息") + identifier
        ),
        (
            "link",
            type("link") + element("Title", "公众平台官网链接") + element("Description", "公众平台官网链接")
                + element("Url", "http://example.com/a") + identifier
        ),
        (
            "miniprogrampage",
            type("miniprogrampage") + element("Title", "title") + element("AppId", "wx0123456789abcdef")
                + element("PagePath", "pages/index") + element("ThumbUrl", "http://example.com/t.jpg")
                + element("ThumbMediaId", "thumb_media_id") + identifier
        ),
        (
            "file",
            type("file") + element("Title", "a.pdf") + element("Description", "a file")
                + element("FileKey", "file_key") + element("FileMd5", "0123456789abcdef0123456789abcdef")
                + "<FileTotalLen>1024</FileTotalLen>" + identifier
        ),
        (
            "subscribe event",
            type("event") + element("Event", "subscribe") + element("EventKey", "qrscene_123123")
                + element("Ticket", "TICKET")
        ),
        ("CLICK event", type("event") + element("Event", "CLICK") + element("EventKey", "V1001_TODAY_MUSIC")),
        (
            "pic_weixin event",
            type("event") + element("Event", "pic_weixin") + element("EventKey", "6") + "<SendPicsInfo><Count>2</Count>"
                + "<PicList><item>" + element("PicMd5Sum", "5a75aaca956d97be686719218f275c6b") + "</item><item>"
                + element("PicMd5Sum", "1b5f7c23b5bf75682a53e7b6d163e185") + "</item></PicList></SendPicsInfo>"
        ),
        (
            "unknown event",
            type("event") + element("Event", "user_get_card") + element("CardId", "card_id") + "<IsGiveByFriend>1"
                + "</IsGiveByFriend>" + element("UserCardCode", "12312312") + "<OuterId>1</OuterId>"
        ),
    ]

    /// The body with these fields.
    static func body(_ fields: String) -> [UInt8] {
        let head =
            element("ToUserName", "gh_0123456789ab") + element("FromUserName", "o6_bmjrPTlm6_2sgVt7hMZOPfL2M")
            + "<CreateTime>1700000000</CreateTime>"
        return Array("<xml>\(head)\(fields)</xml>".utf8)
    }

    /// A text message with this content.
    static func text(_ content: String) -> [UInt8] {
        body(type("text") + element("Content", content) + identifier)
    }

    private static let identifier = "<MsgId>1234567890123456</MsgId>"
    private static let media = element("MediaId", "media_id_media_id_media_id_media_id_media_id_media_id_12")

    private static func type(_ name: String) -> String { element("MsgType", name) }

    private static func element(_ name: String, _ text: String) -> String { "<\(name)><![CDATA[\(text)]]></\(name)>" }
}
