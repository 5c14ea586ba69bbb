internal import OfficialAccount

/// The body of `message/custom/send`. Source: the platform's page on customer-service messages.
struct CustomMessage: Encodable {
    var openID: String
    var kind: String
    var content: Content

    enum Content {
        case text(String)
        case medium(MediaID)
        case video(Video)
        case music(Music)
        case news([Article])
    }

    /// - Returns: `nil` where the reply cannot be sent this way.
    init?(_ reply: Reply, to openID: String) {
        self.openID = openID
        switch reply.content {
        case .text(let text): (kind, content) = ("text", .text(text))
        case .image(let id): (kind, content) = ("image", .medium(id))
        case .voice(let id): (kind, content) = ("voice", .medium(id))
        case .video(let video): (kind, content) = ("video", .video(video))
        case .music(let music): (kind, content) = ("music", .music(music))
        case .news(let articles): (kind, content) = ("news", .news(articles))
        case .none, .transferToCustomerService: return nil
        }
    }

    /// A name in the platform's JSON.
    private struct Name: CodingKey, ExpressibleByStringLiteral {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringLiteral value: String) { stringValue = value }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var message = encoder.container(keyedBy: Name.self)
        try message.encode(openID, forKey: "touser")
        try message.encode(kind, forKey: "msgtype")
        var inner = message.nestedContainer(keyedBy: Name.self, forKey: Name(stringLiteral: kind))
        switch content {
        case .text(let text): try inner.encode(text, forKey: "content")
        case .medium(let id): try inner.encode(id.rawValue, forKey: "media_id")
        case .video(let video):
            try inner.encode(video.mediaID.rawValue, forKey: "media_id")
            try inner.encodeIfPresent(video.title, forKey: "title")
            try inner.encodeIfPresent(video.description, forKey: "description")
        case .music(let music):
            try inner.encodeIfPresent(music.title, forKey: "title")
            try inner.encodeIfPresent(music.description, forKey: "description")
            try inner.encodeIfPresent(music.url, forKey: "musicurl")
            try inner.encodeIfPresent(music.highQualityURL, forKey: "hqmusicurl")
            try inner.encode(music.thumbnailMediaID.rawValue, forKey: "thumb_media_id")
        case .news(let articles):
            var list = inner.nestedUnkeyedContainer(forKey: "articles")
            for article in articles {
                var card = list.nestedContainer(keyedBy: Name.self)
                try card.encode(article.title, forKey: "title")
                try card.encode(article.description, forKey: "description")
                try card.encode(article.url, forKey: "url")
                try card.encode(article.pictureURL, forKey: "picurl")
            }
        }
    }
}
