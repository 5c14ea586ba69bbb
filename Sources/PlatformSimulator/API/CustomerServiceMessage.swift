public import FoundationEssentials
internal import OfficialAccount

/// A message that came by the customer-service interface and was shown to its user.
public struct CustomerServiceMessage: Sendable {
    /// The user's OpenID: `touser`.
    public let openID: String
    /// What kind of message it is: `msgtype`.
    public let type: String
    /// What the user sees.
    public let content: ShownContent
    /// The whole call's body.
    public let json: [UInt8]
    /// When it came.
    public let time: Date
}

extension CustomerServiceMessage: CustomStringConvertible, CustomReflectable {
    /// The kind of message; what it says stays out of descriptions.
    public var description: String { "CustomerServiceMessage(\(type))" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension CustomerServiceMessage {
    /// Reads what was sent: the platform's page on customer-service messages.
    init(parsing body: [UInt8], time: Date) throws(Refused) {
        guard let json = JSONValue(parsing: body) else { throw Refused(47001, "data format error") }
        guard let openID = json["touser"].string, !openID.isEmpty else { throw Refused(40003, "invalid openid") }
        guard let type = json["msgtype"].string, Self.types.contains(type), case .object = json[type] else {
            throw Refused(40008, "invalid message type")
        }
        self.openID = openID
        self.type = type
        self.time = time
        self.json = body
        content = try Self.content(type, json[type])
    }

    private static let types: Set<String> = [
        "text", "image", "voice", "video", "music", "news", "mpnews", "mpnewsarticle", "msgmenu", "wxcard",
        "miniprogrampage",
    ]

    private static func content(_ type: String, _ value: JSONValue) throws(Refused) -> ShownContent {
        switch type {
        case "text":
            guard let text = value["content"].string, !text.isEmpty else { throw Refused(44004, "empty content") }
            guard text.utf8.count <= 2048 else { throw Refused(45002, "content size out of limit") }
            return .text(text)
        case "image": return .reply(.image(mediaID: try mediaID("media_id", in: value)))
        case "voice": return .reply(.voice(mediaID: try mediaID("media_id", in: value)))
        case "video":
            return .reply(
                .video(
                    mediaID: try mediaID("media_id", in: value), title: value["title"].string,
                    description: value["description"].string))
        case "music":
            return .reply(
                .music(
                    Music(
                        title: value["title"].string, description: value["description"].string,
                        url: value["musicurl"].string, highQualityURL: value["hqmusicurl"].string,
                        thumbnailMediaID: try mediaID("thumb_media_id", in: value))))
        case "news":
            guard case .array(let items) = value["articles"], let item = items.first else {
                throw Refused(44003, "empty news data")
            }
            guard items.count == 1 else { throw Refused(45008, "article size out of limit") }
            return .reply(
                .news(
                    Article(
                        title: item["title"].string ?? "", description: item["description"].string ?? "",
                        pictureURL: item["picurl"].string ?? "", url: item["url"].string ?? "")))
        default: return .other(type: type)
        }
    }

    private static func mediaID(_ name: String, in value: JSONValue) throws(Refused) -> MediaID {
        guard let id = value[name].string.flatMap(MediaID.init(rawValue:)) else {
            throw Refused(40007, "invalid media_id")
        }
        return id
    }
}
