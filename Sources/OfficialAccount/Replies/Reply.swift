/// What the account answers to a message.
///
/// What can be known to be wrong when a reply is built is an error there. What depends on the message that it answers,
/// such as how many articles the platform shows, is adjusted when it is sent, with a ``ReplyWarning``.
public struct Reply: Sendable, Equatable {
    /// What is answered, to switch over.
    public enum Content: Sendable, Equatable {
        /// Nothing is said.
        case none
        /// A text.
        case text(String)
        /// A picture.
        case image(MediaID)
        /// A recording.
        case voice(MediaID)
        /// A video.
        case video(Video)
        /// A music card.
        case music(Music)
        /// Cards that lead to pages; at least one.
        case news([Article])
        /// The message goes to customer service: to one account of it, or to whoever is free.
        case transferToCustomerService(account: String?)
    }

    /// What is answered.
    public let content: Content

    /// Says nothing: the platform gets `success` and the user sees no answer.
    public static let none = Reply(content: .none)

    /// Answers with a text; more than 2,048 bytes of UTF-8 are cut when it is sent.
    /// - Parameter text: The text.
    public static func text(_ text: String) -> Reply { Reply(content: .text(text)) }

    /// Answers with a picture.
    /// - Parameter mediaID: A picture that a user sent or that was uploaded.
    public static func image(mediaID: MediaID) -> Reply { Reply(content: .image(mediaID)) }

    /// Answers with a recording.
    /// - Parameter mediaID: A recording that a user sent or that was uploaded.
    public static func voice(mediaID: MediaID) -> Reply { Reply(content: .voice(mediaID)) }

    /// Answers with a video.
    /// - Parameters:
    ///   - mediaID: A video that was uploaded.
    ///   - title: The video's title.
    ///   - description: What the video shows.
    public static func video(mediaID: MediaID, title: String? = nil, description: String? = nil) -> Reply {
        Reply(content: .video(Video(mediaID: mediaID, title: title, description: description)))
    }

    /// Answers with a music card.
    /// - Parameter music: The card.
    public static func music(_ music: Music) -> Reply { Reply(content: .music(music)) }

    /// Answers with cards that lead to pages: one in answer to a message, up to eight after an event.
    /// - Parameters:
    ///   - first: The first card.
    ///   - others: The cards below it.
    public static func news(_ first: Article, _ others: Article...) -> Reply {
        Reply(content: .news([first] + others))
    }

    /// Answers with cards that lead to pages: one in answer to a message, up to eight after an event.
    /// - Parameter articles: The cards from top to bottom.
    /// - Throws: ``ReplyError/noArticle`` where there is none.
    public static func news(_ articles: [Article]) throws(ReplyError) -> Reply {
        guard !articles.isEmpty else { throw .noArticle }
        return Reply(content: .news(articles))
    }

    /// Hands the message to customer service.
    /// - Parameter account: The customer-service account that gets it, or `nil` (or an empty one) for whoever is free.
    public static func transferToCustomerService(account: String? = nil) -> Reply {
        Reply(content: .transferToCustomerService(account: account?.isEmpty == true ? nil : account))
    }
}

extension Reply: CustomStringConvertible, CustomReflectable {
    /// The kind of reply; content stays out of descriptions.
    public var description: String {
        if case .news(let articles) = content { "Reply(news, \(articles.count))" } else { "Reply(\(kind))" }
    }

    /// The kind of reply, as the platform's `MsgType` has it, or `none`.
    package var kind: String {
        switch content {
        case .none: "none"
        case .text: "text"
        case .image: "image"
        case .voice: "voice"
        case .video: "video"
        case .music: "music"
        case .news: "news"
        case .transferToCustomerService: "transfer_customer_service"
        }
    }

    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Reply.Content: CustomDebugStringConvertible, CustomReflectable {
    /// The kind of reply; what it says stays out of descriptions.
    public var debugDescription: String { Reply(content: self).description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
