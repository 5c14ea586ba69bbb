package import OfficialAccount
package import OfficialAccountBot

/// A reply as a rule has it, with templates where its texts are.
package enum ReplyTemplate: Answerer {
    /// A reply that is the same for every message.
    case fixed(Reply)
    case text(Template)
    case image(Template)
    case voice(Template)
    case video(mediaID: Template, title: Template?, description: Template?)
    case music(MusicTemplate)
    case news([ArticleTemplate])
    /// One of several, at random.
    case oneOf([ReplyTemplate])

    /// A music card.
    package struct MusicTemplate: Sendable {
        var title: Template?
        var description: Template?
        var url: Template?
        var highQualityURL: Template?
        var thumbnailMediaID: Template
    }

    /// A card that leads to a page.
    package struct ArticleTemplate: Sendable {
        var title: Template
        var description: Template?
        var picture: Template?
        var url: Template?
    }

    package nonisolated(nonsending) func answer(_ message: Message, _ context: Context) async throws -> Reply? {
        try reply { $0.render(message, context) }
    }

    /// The reply, its templates made texts.
    private func reply(_ text: (Template) -> String) throws -> Reply {
        func optional(_ template: Template?) -> String? { template.map { text($0) } }
        switch self {
        case .fixed(let reply): return reply
        case .text(let template): return .text(text(template))
        case .image(let id): return .image(mediaID: try MediaID(text(id)))
        case .voice(let id): return .voice(mediaID: try MediaID(text(id)))
        case .video(let id, let title, let description):
            return .video(mediaID: try MediaID(text(id)), title: optional(title), description: optional(description))
        case .music(let music):
            return .music(
                Music(
                    title: optional(music.title), description: optional(music.description), url: optional(music.url),
                    highQualityURL: optional(music.highQualityURL),
                    thumbnailMediaID: try MediaID(text(music.thumbnailMediaID))))
        case .news(let articles):
            return try .news(
                articles.map {
                    Article(
                        title: text($0.title), description: optional($0.description) ?? "",
                        pictureURL: optional($0.picture) ?? "", url: optional($0.url) ?? "")
                })
        case .oneOf(let replies):
            return try replies.randomElement()?.reply(text) ?? .none
        }
    }

    package var needsSession: Bool { templates.contains(where: \.needsSession) }

    /// The templates in it.
    package var templates: [Template] {
        switch self {
        case .fixed: []
        case .text(let template), .image(let template), .voice(let template): [template]
        case .video(let id, let title, let description): [id, title, description].compactMap { $0 }
        case .music(let music):
            [music.title, music.description, music.url, music.highQualityURL, music.thumbnailMediaID].compactMap { $0 }
        case .news(let articles): articles.flatMap { [$0.title, $0.description, $0.picture, $0.url].compactMap { $0 } }
        case .oneOf(let replies): replies.flatMap(\.templates)
        }
    }

    /// The same with what no message can change made already, so that it is not made for each message.
    package var settled: ReplyTemplate {
        if case .oneOf(let replies) = self { return .oneOf(replies.map(\.settled)) }
        guard templates.allSatisfy({ $0.fixed != nil }), let reply = try? reply({ $0.fixed ?? "" }) else { return self }
        return .fixed(reply)
    }
}
