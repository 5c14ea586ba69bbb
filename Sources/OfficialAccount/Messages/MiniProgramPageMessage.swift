/// A card of a mini program that a user sent.
public struct MiniProgramPageMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The card's title: `Title`.
    public let title: String?
    /// The mini program's AppID: `AppId`.
    public let appID: String
    /// The page within the mini program: `PagePath`.
    public let pagePath: String?
    /// Where the card's picture can be fetched: `ThumbUrl`.
    public let thumbnailURL: String?
    /// The card's picture among the platform's temporary media: `ThumbMediaId`.
    public let thumbnailMediaID: MediaID?

    /// Reads a mini program card.
    /// - Parameter message: A message of type `miniprogrampage`.
    /// - Returns: `nil` without `AppId`.
    public init?(_ message: Message) {
        guard message.type == .miniProgramPage, let appID = message.fields.name("AppId") else { return nil }
        self.message = message
        self.appID = appID
        title = message.fields.text("Title")
        pagePath = message.fields.name("PagePath")
        thumbnailURL = message.fields.name("ThumbUrl")
        thumbnailMediaID = message.fields.mediaID("ThumbMediaId")
    }
}
