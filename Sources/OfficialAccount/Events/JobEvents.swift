/// A template message has been delivered, or not.
public struct TemplateSendJobFinishEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The number that sending the template message returned: `MsgID`.
    public let jobID: UInt64
    /// How it went, such as `success` or `failed:user block`: `Status`.
    public let status: String

    /// Reads the end of a template message.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `TEMPLATESENDJOBFINISH` or lacks its number or status.
    public init?(_ message: Message) {
        guard message.event == .templateSendJobFinish,
            let jobID: UInt64 = message.fields.integer("MsgID"),
            let status = message.fields.name("Status")
        else { return nil }
        self.message = message
        self.jobID = jobID
        self.status = status
    }
}

/// A message to many has been sent.
public struct MassSendJobFinishEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The number that sending the message returned: `MsgID`.
    public let jobID: UInt64
    /// How it went, such as `send success`, `send fail` or `err(10001)`: `Status`.
    public let status: String
    /// How many followers it was meant for: `TotalCount`.
    public let totalCount: Int?
    /// How many were left after filtering: `FilterCount`.
    public let filterCount: Int?
    /// How many got it: `SentCount`.
    public let sentCount: Int?
    /// How many did not: `ErrorCount`.
    public let errorCount: Int?
    /// What the check for copied articles found, article by article: `CopyrightCheckResult`.
    public let copyrightCheckResult: Fields?
    /// Where each article can be read: `ArticleUrlResult`.
    public let articles: [ArticleAddress]

    /// Reads the end of a message to many.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `MASSSENDJOBFINISH` or lacks its number or status.
    public init?(_ message: Message) {
        guard message.event == .massSendJobFinish,
            let jobID: UInt64 = message.fields.integer("MsgID"),
            let status = message.fields.name("Status")
        else { return nil }
        self.message = message
        self.jobID = jobID
        self.status = status
        totalCount = message.fields.integer("TotalCount")
        filterCount = message.fields.integer("FilterCount")
        sentCount = message.fields.integer("SentCount")
        errorCount = message.fields.integer("ErrorCount")
        copyrightCheckResult = message.fields["CopyrightCheckResult"]?.fields
        let items = message.fields["ArticleUrlResult"]?.fields["ResultList"]?.fields.all("item") ?? []
        articles = items.compactMap { ArticleAddress($0.fields, index: "ArticleIdx", url: "ArticleUrl") }
    }
}

/// An article has been published, or not.
public struct PublishJobFinishEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The number that publishing returned: `publish_id`.
    public let publishID: String
    /// How it went, 0 being success: `publish_status`.
    public let status: Int
    /// The published article's ID, on success: `article_id`.
    public let articleID: String?
    /// Where each part of the article can be read, on success: `article_detail`.
    public let articles: [ArticleAddress]
    /// Which parts failed, counted from 1: `fail_idx`.
    public let failedIndexes: [Int]

    /// Reads the end of a publication.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `PUBLISHJOBFINISH` or lacks its number or status.
    public init?(_ message: Message) {
        guard message.event == .publishJobFinish,
            let info = message.fields["PublishEventInfo"]?.fields,
            let publishID = info.name("publish_id"),
            let status: Int = info.integer("publish_status")
        else { return nil }
        self.message = message
        self.publishID = publishID
        self.status = status
        articleID = info.name("article_id")
        let items = info["article_detail"]?.fields.all("item") ?? []
        articles = items.compactMap { ArticleAddress($0.fields, index: "idx", url: "article_url") }
        failedIndexes = info.all("fail_idx").compactMap { Int(decimal: $0.utf8.trimmed) }
    }
}

/// Where one of several articles that went out together can be read.
public struct ArticleAddress: Sendable, Hashable {
    /// Which of them it is, counted from 1.
    public let index: Int
    /// The article's address.
    public let url: String

    init?(_ fields: Fields, index: StaticString, url: StaticString) {
        guard let position: Int = fields.integer(index), let address = fields.name(url) else { return nil }
        self.index = position
        self.url = address
    }
}
