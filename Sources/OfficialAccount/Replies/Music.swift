/// A music reply: a card that plays a recording from an address.
public struct Music: Sendable, Hashable {
    /// The card's title: `Title`.
    public var title: String?
    /// What the music is: `Description`.
    public var description: String?
    /// The address of the recording: `MusicUrl`.
    public var url: String?
    /// The address of a better recording, taken where the user is on Wi-Fi: `HQMusicUrl`.
    public var highQualityURL: String?
    /// The card's picture, uploaded before as a thumbnail: `ThumbMediaId`.
    public var thumbnailMediaID: MediaID

    /// Creates a music card.
    /// - Parameters:
    ///   - title: The card's title.
    ///   - description: What the music is.
    ///   - url: The address of the recording.
    ///   - highQualityURL: The address of a better recording.
    ///   - thumbnailMediaID: The card's picture, which the platform requires.
    public init(
        title: String? = nil, description: String? = nil, url: String? = nil, highQualityURL: String? = nil,
        thumbnailMediaID: MediaID
    ) {
        self.title = title
        self.description = description
        self.url = url
        self.highQualityURL = highQualityURL
        self.thumbnailMediaID = thumbnailMediaID
    }
}

extension Music: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name only; content stays out of descriptions.
    public var debugDescription: String { "Music" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
