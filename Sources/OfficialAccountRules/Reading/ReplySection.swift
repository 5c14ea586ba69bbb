internal import OfficialAccount
internal import OfficialAccountBot
internal import Yams

/// A reply of a file: a text, or a mapping that says which kind it is.
struct ReplySection {
    private static let kinds = ["text", "image", "voice", "video", "music", "news", "one_of"]

    /// What its templates can name.
    var names = TemplateNames()
    /// Whether the reply can be the answer to an event alone.
    var isForEventsOnly = false

    /// Reads a reply.
    /// - Returns: `nil` where it was a mistake.
    func read(_ node: Node, key: String, _ reader: inout YAMLReader) -> ReplyTemplate? {
        guard case .mapping = node else { return text(node, key: key, &reader) }
        guard let entries = reader.mapping(node, keys: Self.kinds, what: key) else { return nil }
        guard entries.count == 1, let (kind, value) = entries.first else {
            if reader.mistakes.isEmpty {
                reader.mistakes.add("\(key) is one of \(Self.kinds.joined(separator: ", "))", at: node.mark)
            }
            return nil
        }
        switch kind {
        case "text": return text(value, key: kind, &reader)
        case "image": return mediaID(value, key: kind, &reader).map { .image($0) }
        case "voice": return mediaID(value, key: kind, &reader).map { .voice($0) }
        case "video": return video(value, &reader)
        case "music": return music(value, &reader)
        case "news": return news(value, &reader)
        default: return oneOf(value, &reader)
        }
    }

    private func text(_ node: Node, key: String, _ reader: inout YAMLReader) -> ReplyTemplate? {
        guard let template = template(node, key: key, &reader) else { return nil }
        if let text = template.fixed, text.utf8.count > Reply.longestText {
            reader.mistakes.warn(
                "\(key): the text has \(text.utf8.count) bytes and the platform takes \(Reply.longestText) in a reply, "
                    + "about \(Reply.longestText / 3) Chinese characters: it is sent in parts; shorten it",
                at: node.mark)
        }
        return .text(template)
    }

    private func mediaID(_ node: Node, key: String, _ reader: inout YAMLReader) -> Template? {
        guard let template = template(node, key: key, &reader) else { return nil }
        if let text = template.fixed, MediaID(rawValue: text) == nil {
            reader.mistakes.add(
                "\(key): expected a media ID, as the platform gives one for an upload; it holds no spaces",
                at: node.mark)
            return nil
        }
        return template
    }

    private func video(_ node: Node, _ reader: inout YAMLReader) -> ReplyTemplate? {
        guard case .mapping = node else {
            return mediaID(node, key: "video", &reader).map { .video(mediaID: $0, title: nil, description: nil) }
        }
        let keys = ["media_id", "title", "description"]
        guard let entries = reader.mapping(node, keys: keys, what: "video"),
            let id = required(entries, "media_id", of: "video", at: node.mark, &reader)
        else { return nil }
        return mediaID(id, key: "media_id", &reader).map {
            .video(
                mediaID: $0, title: optional(entries, "title", &reader),
                description: optional(entries, "description", &reader))
        }
    }

    private func music(_ node: Node, _ reader: inout YAMLReader) -> ReplyTemplate? {
        let keys = ["title", "description", "url", "hq_url", "thumb_media_id"]
        guard let entries = reader.mapping(node, keys: keys, what: "music"),
            let id = required(entries, "thumb_media_id", of: "music", at: node.mark, &reader),
            let thumbnail = mediaID(id, key: "thumb_media_id", &reader)
        else { return nil }
        return .music(
            ReplyTemplate.MusicTemplate(
                title: optional(entries, "title", &reader), description: optional(entries, "description", &reader),
                url: optional(entries, "url", &reader), highQualityURL: optional(entries, "hq_url", &reader),
                thumbnailMediaID: thumbnail))
    }

    private func news(_ node: Node, _ reader: inout YAMLReader) -> ReplyTemplate? {
        let nodes: [Node]
        if case .sequence(let sequence) = node { nodes = Array(sequence) } else { nodes = [node] }
        guard !nodes.isEmpty else {
            reader.mistakes.add("news has no card; each has a title and a url", at: node.mark)
            return nil
        }
        let most = isForEventsOnly ? 8 : 1
        if nodes.count > most {
            let where_ = isForEventsOnly ? "after an event" : "in answer to a message, 8 after an event"
            reader.mistakes.warn(
                "news has \(nodes.count) cards and the platform shows \(most) \(where_)", at: node.mark)
        }
        var articles: [ReplyTemplate.ArticleTemplate] = []
        for node in nodes {
            let keys = ["title", "description", "picture", "url"]
            guard let entries = reader.mapping(node, keys: keys, what: "a card"),
                let title = required(entries, "title", of: "a card", at: node.mark, &reader),
                let text = template(title, key: "title", &reader)
            else { continue }
            articles.append(
                ReplyTemplate.ArticleTemplate(
                    title: text, description: optional(entries, "description", &reader),
                    picture: optional(entries, "picture", &reader), url: optional(entries, "url", &reader)))
        }
        return articles.count == nodes.count ? .news(articles) : nil
    }

    private func oneOf(_ node: Node, _ reader: inout YAMLReader) -> ReplyTemplate? {
        guard let nodes = reader.list(node, what: "one_of") else { return nil }
        guard !nodes.isEmpty else {
            reader.mistakes.add("one_of is an empty list", at: node.mark)
            return nil
        }
        let replies = nodes.map { node -> ReplyTemplate? in
            if case .mapping(let mapping) = node, mapping.contains(where: { $0.key.string == "one_of" }) {
                reader.mistakes.add("one_of holds replies, no further one_of", at: node.mark)
                return nil
            }
            return read(node, key: "one_of", &reader)
        }
        return replies.contains { $0 == nil } ? nil : .oneOf(replies.compactMap { $0 })
    }

    /// A text with `{{fields}}`.
    func template(_ node: Node, key: String, _ reader: inout YAMLReader) -> Template? {
        guard let value = reader.value(node, key: key) else { return nil }
        do throws(TemplateError) {
            let template = try Template(value.text)
            let mistakes = template.names.compactMap(names.mistake)
            for mistake in mistakes { reader.mistakes.add("\(key): \(mistake)", at: value.mark) }
            return mistakes.isEmpty ? template : nil
        } catch {
            reader.mistakes.add("\(key): \(error)", at: value.mark)
            return nil
        }
    }

    private func optional(_ entries: [String: Node], _ key: String, _ reader: inout YAMLReader) -> Template? {
        entries[key].flatMap { template($0, key: key, &reader) }
    }

    private func required(
        _ entries: [String: Node], _ key: String, of what: String, at mark: Mark?, _ reader: inout YAMLReader
    ) -> Node? {
        if let node = entries[key] { return node }
        reader.mistakes.add("\(what) has no \(key)", at: mark)
        return nil
    }
}
