internal import OfficialAccount

extension ServiceReply {
    /// Reads a reply in the platform's form. Whom it is for is left aside: it is sent to whom the message came from.
    static func xml(_ text: String, seal: PlatformSeal?) throws(Unreadable) -> ServiceReply {
        var fields = try fields(Array(text.utf8))
        if fields["Encrypt"] != nil {
            guard let seal else { throw Unreadable(what: "encrypted XML, though the message was not sent as XML") }
            let xml: [UInt8]
            do { xml = try seal.open(fields) } catch { throw Unreadable(error) }
            fields = try self.fields(xml)
        }
        return ServiceReply(reply: try reply(fields))
    }

    private static func fields(_ xml: [UInt8]) throws(Unreadable) -> Fields {
        do {
            return try Fields(
                parsing: xml, limits: MessageLimits(bytes: ServiceLimits.bytes.upperBound, depth: 8, elements: 256))
        } catch {
            throw Unreadable(what: "XML that is no reply: \(error)")
        }
    }

    private static func reply(_ fields: Fields) throws(Unreadable) -> Reply {
        let type = try text("MsgType", in: fields)
        // No type is that long, and comparing costs by the square of stacked accents.
        switch type.utf8.count <= 256 ? type.filter({ !$0.isWhitespace }) : "" {
        case "text":
            guard let content = fields.text("Content") else { throw missing("Content") }
            return .text(content)
        case "image": return .image(mediaID: try mediaID("MediaId", in: fields["Image"]))
        case "voice": return .voice(mediaID: try mediaID("MediaId", in: fields["Voice"]))
        case "video":
            let video = fields["Video"]
            return .video(
                mediaID: try mediaID("MediaId", in: video), title: video?.fields.text("Title"),
                description: video?.fields.text("Description"))
        case "music":
            let music = fields["Music"]
            return .music(
                Music(
                    title: music?.fields.text("Title"), description: music?.fields.text("Description"),
                    url: music?.fields.text("MusicUrl"), highQualityURL: music?.fields.text("HQMusicUrl"),
                    thumbnailMediaID: try mediaID("ThumbMediaId", in: music)))
        case "news":
            let articles = (fields["Articles"]?.fields.all("item") ?? []).map { item in
                Article(
                    title: item.fields.text("Title") ?? "", description: item.fields.text("Description") ?? "",
                    pictureURL: item.fields.text("PicUrl") ?? "", url: item.fields.text("Url") ?? "")
            }
            do { return try .news(articles) } catch { throw missing("item in Articles") }
        case "transfer_customer_service":
            return .transferToCustomerService(account: fields["TransInfo"]?.fields.text("KfAccount"))
        default: throw Unreadable(what: "XML whose MsgType is none of a reply's")
        }
    }

    private static func missing(_ name: String) -> Unreadable { Unreadable(what: "XML without \(name)") }

    private static func text(_ name: String, in fields: Fields) throws(Unreadable) -> String {
        guard let text = fields.text(name), !text.isEmpty else { throw missing(name) }
        return text
    }

    private static func mediaID(_ name: String, in field: Field?) throws(Unreadable) -> MediaID {
        guard let field, let id = MediaID(rawValue: field.fields.text(name) ?? "") else { throw missing(name) }
        return id
    }
}

extension ServiceReply.Unreadable {
    fileprivate init(_ error: PlatformSeal.ReplyError) {
        switch error {
        case .unexpected: what = "encrypted XML, though the account's messages are not encrypted"
        case .missing(let name): what = "encrypted XML without \(name)"
        case .wrongSignature: what = "encrypted XML whose signature is wrong; the service must have the account's Token"
        case .undecryptable:
            what = "encrypted XML that the account's EncodingAESKey does not open; the service must have the same key"
        case .wrongAppID: what = "encrypted XML of another AppID"
        }
    }
}
