internal import FoundationEssentials
internal import OfficialAccount

extension ServiceReply {
    /// Reads an object with a `type`, or a text in quotation marks.
    static func json(_ text: String) throws(Unreadable) -> ServiceReply {
        let data = Data(text.utf8)
        if text.utf8.first == UInt8(ascii: "\"") {
            guard let text = try? JSONDecoder().decode(String.self, from: data) else { throw Self.notJSON }
            return ServiceReply(reply: .text(text))
        }
        do {
            return try JSONDecoder().decode(ReplyObject.self, from: data).reply
        } catch let error as Unreadable {
            throw error
        } catch let error as DecodingError {
            throw Self.unreadable(error)
        } catch { throw Self.notJSON }
    }

    private static let notJSON = Unreadable(what: "what is not JSON, though it is labelled as JSON or begins like it")

    /// What an error of the decoder says, without what stands in the answer.
    private static func unreadable(_ error: DecodingError) -> Unreadable {
        func name(_ path: [any CodingKey]) -> String {
            // What values of a session are called is up to the service, and may be what a user wrote.
            let names = path.map { $0.intValue.map { "[\($0)]" } ?? "." + $0.stringValue }
            let known = names.prefix(2) == [".session", ".values"] ? names.prefix(2) : names[...]
            return String(known.joined().drop { $0 == "." })
        }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            guard !context.codingPath.isEmpty else {
                return Unreadable(what: "JSON that is neither an object nor a text; \(expected)")
            }
            return Unreadable(what: "JSON whose \(name(context.codingPath)) is of the wrong type")
        case .keyNotFound(let key, let context):
            return Unreadable(what: "JSON without \(name(context.codingPath + [key]))")
        default: return notJSON
        }
    }
}

/// A reply as JSON.
private struct ReplyObject: Decodable {
    let reply: ServiceReply

    init(from decoder: any Decoder) throws {
        reply = try ReplyMembers(container: decoder.container(keyedBy: ReplyMembers.Key.self)).reply()
    }
}

/// The members of a reply as JSON.
private struct ReplyMembers {
    enum Key: String, CodingKey {
        case type, content, title, description, url, account, articles, session
        case mediaID = "media_id"
        case hqURL = "hq_url"
        case thumbMediaID = "thumb_media_id"
    }

    let container: KeyedDecodingContainer<Key>

    func reply() throws -> ServiceReply {
        var change: SessionChange?
        if container.contains(.session) {
            change =
                try container.decodeNil(forKey: .session)
                ? .end : container.decode(SessionObject.self, forKey: .session).change
        }
        return ServiceReply(reply: try content(isOptional: change != nil), change: change)
    }

    private func content(isOptional: Bool) throws -> Reply {
        if isOptional, !container.contains(.type) { return .none }
        let type = try text(.type)
        // No type is that long, and comparing costs by the square of stacked accents.
        switch type.utf8.count <= 256 ? type : "" {
        case "none": return .none
        case "text": return .text(try text(.content))
        case "image": return .image(mediaID: try mediaID(.mediaID))
        case "voice": return .voice(mediaID: try mediaID(.mediaID))
        case "video":
            return .video(
                mediaID: try mediaID(.mediaID), title: try optional(.title), description: try optional(.description))
        case "music":
            return .music(
                Music(
                    title: try optional(.title), description: try optional(.description), url: try optional(.url),
                    highQualityURL: try optional(.hqURL), thumbnailMediaID: try mediaID(.thumbMediaID)))
        case "news":
            let articles = try container.decode([ArticleObject].self, forKey: .articles)
            guard !articles.isEmpty else { throw ServiceReply.Unreadable(what: "JSON whose articles are none") }
            return try .news(articles.map(\.article))
        case "transfer": return .transferToCustomerService(account: try optional(.account))
        default:
            throw ServiceReply.Unreadable(
                what: """
                    JSON whose type is unknown; it is one of text, image, voice, video, music, news, transfer and none
                    """)
        }
    }

    private func text(_ key: Key) throws -> String { try container.decode(String.self, forKey: key) }

    private func optional(_ key: Key) throws -> String? { try container.decodeIfPresent(String.self, forKey: key) }

    private func mediaID(_ key: Key) throws -> MediaID {
        guard let id = MediaID(rawValue: try text(key)) else {
            throw ServiceReply.Unreadable(what: "JSON whose \(key.rawValue) is empty or has white space in it")
        }
        return id
    }
}

private struct ArticleObject: Decodable {
    var title: String
    var description: String?
    var picture: String?
    var url: String

    var article: Article {
        Article(title: title, description: description ?? "", pictureURL: picture ?? "", url: url)
    }
}

/// A change of the session as JSON.
private struct SessionObject: Decodable {
    enum Key: String, CodingKey { case state, values, lifetime }

    var change = SessionChange()

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if container.contains(.state) {
            change.state = try container.decodeIfPresent(String.self, forKey: .state).map { .entered($0) } ?? .left
        }
        let values = try container.decodeIfPresent([String: Value?].self, forKey: .values) ?? [:]
        change.values = values.mapValues { $0?.text }
        change.lifetime = try container.decodeIfPresent(Double.self, forKey: .lifetime)
        if let lifetime = change.lifetime, !ServiceLimits.sessionLifetimes.contains(lifetime) {
            throw ServiceReply.Unreadable(what: "JSON whose session.lifetime is not from 1 to 2592000 seconds")
        }
    }

    /// A value: a text, or a number or truth value, which is kept as a text.
    struct Value: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(Bool.self) {
                text = String(value)
            } else if let value = try? container.decode(Int64.self) {
                text = String(value)
            } else if let value = try? container.decode(Double.self) {
                text = String(value)
            } else {
                text = try container.decode(String.self)
            }
        }
    }
}
