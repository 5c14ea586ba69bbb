/// What a reply may be at the most; the platform's figures, as far as it gives any.
enum ReplyLimits {
    /// Bytes of UTF-8 of a text. No figure is official; beyond this one the platform fails.
    static let textBytes = 2048
    /// Articles in answer to something that a user sent.
    static let articlesAfterMessage = 1
    /// Articles after an event, such as a menu click.
    static let articlesAfterEvent = 8
}

extension Reply {
    /// Writes the reply as the platform's page on passive replies has it, with sender and receiver swapped.
    /// - Parameters:
    ///   - message: The message that is answered.
    ///   - createTime: The time, in seconds since 1970.
    ///   - warnings: Gets what had to be changed.
    /// - Returns: The XML, or `nil` where nothing is said.
    func xml(answering message: Message, createTime: Int64, warnings: inout [ReplyWarning]) -> [UInt8]? {
        var content = content
        switch content {
        case .none:
            return nil
        case .text(let text):
            let cut = Self.fit(text, warnings: &warnings)
            guard !cut.isEmpty else { return nil }
            content = .text(cut)
        case .news(let articles):
            let most = message.type == .event ? ReplyLimits.articlesAfterEvent : ReplyLimits.articlesAfterMessage
            if articles.count > most {
                warnings.append(.articlesCut(from: articles.count, to: most))
                content = .news(Array(articles.prefix(most)))
            }
        default:
            break
        }
        var writer = XMLWriter(capacity: 320 + content.sizeEstimate)
        writer.markup("<xml>")
        writer.element("ToUserName", message.fromUserNameUTF8)
        writer.element("FromUserName", message.toUserNameUTF8)
        writer.number("CreateTime", createTime)
        content.write(to: &writer)
        writer.markup("</xml>")
        if writer.dropped > 0 { warnings.append(.charactersDropped(count: writer.dropped)) }
        return writer.output
    }

    /// A text without what XML cannot hold, cut to what the platform takes.
    private static func fit(_ text: String, warnings: inout [ReplyWarning]) -> String {
        var text = text
        // What the cleaner lets pass is looked through many bytes at a time; of the rest most can stand, too.
        let isClean = text.withUTF8 { XMLCleaner.isClean($0) }
        if !isClean, text.unicodeScalars.contains(where: { !XMLCleaner.allows($0.value) }) {
            let count = text.unicodeScalars.count
            text.unicodeScalars.removeAll { !XMLCleaner.allows($0.value) }
            warnings.append(.charactersDropped(count: count - text.unicodeScalars.count))
        }
        guard !text.isEmpty else {
            warnings.append(.textEmpty)
            return text
        }
        let bytes = text.utf8.count
        guard bytes > ReplyLimits.textBytes else { return text }
        let cut = String(text.prefix(utf8Count: ReplyLimits.textBytes))
        warnings.append(.textCut(from: bytes, to: cut.utf8.count))
        return cut
    }
}

extension StringProtocol {
    /// The longest beginning of at most so many bytes that ends between two characters as a reader sees them; where
    /// not even the first one fits, one that ends between two Unicode scalars.
    func prefix(utf8Count limit: Int) -> SubSequence {
        var end = startIndex
        var count = 0
        for index in indices {
            let next = self.index(after: index)
            count += utf8.distance(from: index, to: next)
            if count > limit { break }
            end = next
        }
        guard end == startIndex, count > limit else { return self[..<end] }
        count = 0
        for index in unicodeScalars.indices {
            count += UTF8.width(unicodeScalars[index])
            if count > limit { break }
            end = unicodeScalars.index(after: index)
        }
        return self[..<end]
    }
}

extension Reply.Content {
    /// About how many bytes the content takes, so that the buffer seldom grows.
    fileprivate var sizeEstimate: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .news(let articles):
            articles.reduce(0) {
                $0 + 128 + $1.title.utf8.count + $1.description.utf8.count + $1.pictureURL.utf8.count
                    + $1.url.utf8.count
            }
        default: 256
        }
    }

    fileprivate func write(to writer: inout XMLWriter) {
        switch self {
        case .none:
            break
        case .text(let text):
            writer.markup("<MsgType><![CDATA[text]]></MsgType>")
            writer.element("Content", text)
        case .image(let mediaID):
            writer.markup("<MsgType><![CDATA[image]]></MsgType><Image>")
            writer.element("MediaId", mediaID.rawValue)
            writer.markup("</Image>")
        case .voice(let mediaID):
            writer.markup("<MsgType><![CDATA[voice]]></MsgType><Voice>")
            writer.element("MediaId", mediaID.rawValue)
            writer.markup("</Voice>")
        case .video(let video):
            writer.markup("<MsgType><![CDATA[video]]></MsgType><Video>")
            writer.element("MediaId", video.mediaID.rawValue)
            writer.element("Title", optional: video.title)
            writer.element("Description", optional: video.description)
            writer.markup("</Video>")
        case .music(let music):
            writer.markup("<MsgType><![CDATA[music]]></MsgType><Music>")
            writer.element("Title", optional: music.title)
            writer.element("Description", optional: music.description)
            writer.element("MusicUrl", optional: music.url)
            writer.element("HQMusicUrl", optional: music.highQualityURL)
            writer.element("ThumbMediaId", music.thumbnailMediaID.rawValue)
            writer.markup("</Music>")
        case .news(let articles):
            writer.markup("<MsgType><![CDATA[news]]></MsgType>")
            writer.number("ArticleCount", articles.count)
            writer.markup("<Articles>")
            for article in articles { article.write(to: &writer) }
            writer.markup("</Articles>")
        case .transferToCustomerService(let account):
            writer.markup("<MsgType><![CDATA[transfer_customer_service]]></MsgType>")
            if let account {
                writer.markup("<TransInfo>")
                writer.element("KfAccount", account)
                writer.markup("</TransInfo>")
            }
        }
    }
}

extension Article {
    fileprivate func write(to writer: inout XMLWriter) {
        writer.markup("<item>")
        writer.element("Title", title)
        writer.element("Description", description)
        writer.element("PicUrl", pictureURL)
        writer.element("Url", url)
        writer.markup("</item>")
    }
}
