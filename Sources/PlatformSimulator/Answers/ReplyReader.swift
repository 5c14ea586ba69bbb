internal import OfficialAccount

/// Reads a reply's envelope and holds it to the platform's page on passive replies.
struct ReplyReader {
    let fields: Fields
    let message: PreparedMessage
    /// In seconds since 1970.
    let now: Int64

    func read(warnings: inout [AnswerWarning]) throws(DeliveryFault) -> Reply {
        let receiver = try text("ToUserName")
        let sender = try text("FromUserName")
        if receiver == message.receiver, sender == message.sender, receiver != sender { throw .namesNotSwapped }
        guard receiver == message.sender else { throw .wrongReceiver }
        guard sender == message.receiver else { throw .wrongSender }
        guard let created = Seconds(try text("CreateTime")) else { throw .notSeconds("CreateTime") }
        if abs(created.value - now) > 86_400 { warnings.append(.createTimeOff) }
        return try content(warnings: &warnings)
    }

    private func content(warnings: inout [AnswerWarning]) throws(DeliveryFault) -> Reply {
        switch try text("MsgType") {
        case "text":
            let content = try text("Content")
            guard content.utf8.count <= 2048 else { throw .textTooLong(bytes: content.utf8.count) }
            if content.contains("\\n") { warnings.append(.literalNewline) }
            return .text(content)
        case "image": return .image(mediaID: try mediaID("MediaId", in: "Image"))
        case "voice": return .voice(mediaID: try mediaID("MediaId", in: "Voice"))
        case "video":
            return .video(
                mediaID: try mediaID("MediaId", in: "Video"), title: optional("Title", in: "Video"),
                description: optional("Description", in: "Video"))
        case "music":
            return .music(
                Music(
                    title: optional("Title", in: "Music"), description: optional("Description", in: "Music"),
                    url: optional("MusicUrl", in: "Music"), highQualityURL: optional("HQMusicUrl", in: "Music"),
                    thumbnailMediaID: try mediaID("ThumbMediaId", in: "Music")))
        case "news": return try news(warnings: &warnings)
        case "transfer_customer_service":
            return .transferToCustomerService(account: optional("KfAccount", in: "TransInfo"))
        default: throw .unknownType
        }
    }

    /// The articles that are shown: one after a message, eight after an event.
    private func news(warnings: inout [AnswerWarning]) throws(DeliveryFault) -> Reply {
        guard let declared = Int(try text("ArticleCount")) else { throw .missing("ArticleCount") }
        let articles = (fields["Articles"]?.fields.all("item") ?? []).map { item in
            Article(
                title: item.fields.text("Title") ?? "", description: item.fields.text("Description") ?? "",
                pictureURL: item.fields.text("PicUrl") ?? "", url: item.fields.text("Url") ?? "")
        }
        if declared != articles.count {
            warnings.append(.articleCount(declared: declared, found: articles.count))
        }
        let most = message.isEvent ? 8 : 1
        if articles.count > most { warnings.append(.articlesCut(from: articles.count, to: most)) }
        do { return try .news(Array(articles.prefix(most))) } catch { throw .missing("Articles") }
    }

    private func text(_ name: String) throws(DeliveryFault) -> String {
        guard let text = fields.text(name), !text.isEmpty else { throw .missing(name) }
        return text
    }

    private func optional(_ name: String, in group: String) -> String? { fields[group]?.fields.text(name) }

    private func mediaID(_ name: String, in group: String) throws(DeliveryFault) -> MediaID {
        guard let text = optional(name, in: group), !text.isEmpty else { throw .missing(name) }
        guard let id = MediaID(rawValue: text) else { throw .invalidMediaID(name) }
        return id
    }
}
