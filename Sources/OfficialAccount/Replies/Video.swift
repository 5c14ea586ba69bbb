/// A video reply.
public struct Video: Sendable, Hashable {
    /// The video, uploaded before: `MediaId`.
    public var mediaID: MediaID
    /// The video's title: `Title`.
    public var title: String?
    /// What the video shows: `Description`.
    public var description: String?

    /// Creates a video reply.
    /// - Parameters:
    ///   - mediaID: The video, uploaded before.
    ///   - title: The video's title.
    ///   - description: What the video shows.
    public init(mediaID: MediaID, title: String? = nil, description: String? = nil) {
        self.mediaID = mediaID
        self.title = title
        self.description = description
    }
}

extension Video: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name only; content stays out of descriptions.
    public var debugDescription: String { "Video" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
