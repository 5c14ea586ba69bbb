/// One article of a news reply: a card that leads to a page.
public struct Article: Sendable, Hashable {
    /// The card's title: `Title`.
    public var title: String
    /// What the page is about: `Description`.
    public var description: String
    /// The card's picture, best 360 × 200 for the first card and 200 × 200 for others: `PicUrl`.
    public var pictureURL: String
    /// The page that the card leads to: `Url`.
    public var url: String

    /// Creates an article.
    /// - Parameters:
    ///   - title: The card's title.
    ///   - description: What the page is about.
    ///   - pictureURL: The address of the card's picture.
    ///   - url: The address of the page.
    public init(title: String, description: String = "", pictureURL: String = "", url: String) {
        self.title = title
        self.description = description
        self.pictureURL = pictureURL
        self.url = url
    }
}

extension Article: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name only; content stays out of descriptions.
    public var debugDescription: String { "Article" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
