internal import OfficialAccount

/// How a reply is kept in a store.
extension Reply {
    private enum Kind {
        static let none: UInt8 = 0, text: UInt8 = 1, image: UInt8 = 2, voice: UInt8 = 3, video: UInt8 = 4
        static let music: UInt8 = 5, news: UInt8 = 6, transfer: UInt8 = 7
    }

    /// About how many bytes the reply takes.
    var sizeEstimate: Int {
        switch content {
        case .text(let text): text.utf8.count + 8
        case .news(let articles): 16 + articles.count * 400
        default: 128
        }
    }

    func write(to writer: inout ByteWriter) {
        switch content {
        case .none:
            writer.byte(Kind.none)
        case .text(let text):
            writer.byte(Kind.text)
            writer.text(text)
        case .image(let mediaID):
            writer.byte(Kind.image)
            writer.text(mediaID.rawValue)
        case .voice(let mediaID):
            writer.byte(Kind.voice)
            writer.text(mediaID.rawValue)
        case .video(let video):
            writer.byte(Kind.video)
            writer.text(video.mediaID.rawValue)
            writer.text(optional: video.title)
            writer.text(optional: video.description)
        case .music(let music):
            writer.byte(Kind.music)
            writer.text(music.thumbnailMediaID.rawValue)
            for text in [music.title, music.description, music.url, music.highQualityURL] {
                writer.text(optional: text)
            }
        case .news(let articles):
            writer.byte(Kind.news)
            writer.number(articles.count)
            for article in articles {
                for text in [article.title, article.description, article.pictureURL, article.url] {
                    writer.text(text)
                }
            }
        case .transferToCustomerService(let account):
            writer.byte(Kind.transfer)
            writer.text(optional: account)
        }
    }

    init(from reader: inout ByteReader) throws(ByteReader.Unreadable) {
        switch try reader.byte() {
        case Kind.none: self = .none
        case Kind.text: self = .text(try reader.text())
        case Kind.image: self = .image(mediaID: try Self.mediaID(&reader))
        case Kind.voice: self = .voice(mediaID: try Self.mediaID(&reader))
        case Kind.video:
            let mediaID = try Self.mediaID(&reader)
            self = .video(
                mediaID: mediaID, title: try reader.optionalText(), description: try reader.optionalText())
        case Kind.music:
            let thumbnail = try Self.mediaID(&reader)
            self = .music(
                Music(
                    title: try reader.optionalText(), description: try reader.optionalText(),
                    url: try reader.optionalText(), highQualityURL: try reader.optionalText(),
                    thumbnailMediaID: thumbnail))
        case Kind.news:
            let count: Int = try reader.number()
            var articles: [Article] = []
            for _ in 0..<max(count, 0) {
                articles.append(
                    Article(
                        title: try reader.text(), description: try reader.text(), pictureURL: try reader.text(),
                        url: try reader.text()))
            }
            guard let reply = try? Reply.news(articles) else { throw ByteReader.Unreadable() }
            self = reply
        case Kind.transfer: self = .transferToCustomerService(account: try reader.optionalText())
        default: throw ByteReader.Unreadable()
        }
    }

    private static func mediaID(_ reader: inout ByteReader) throws(ByteReader.Unreadable) -> MediaID {
        guard let mediaID = MediaID(rawValue: try reader.text()) else { throw ByteReader.Unreadable() }
        return mediaID
    }
}
