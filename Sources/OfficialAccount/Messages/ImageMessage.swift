/// A picture that a user sent.
public struct ImageMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// Where the picture can be fetched: `PicUrl`.
    public let pictureURL: String?
    /// The picture among the platform's temporary media, which live three days: `MediaId`.
    public let mediaID: MediaID

    /// Reads a picture message.
    /// - Parameter message: A message of type `image`.
    /// - Returns: `nil` without `MediaId`.
    public init?(_ message: Message) {
        guard message.type == .image, let mediaID = message.fields.mediaID("MediaId") else { return nil }
        self.message = message
        self.mediaID = mediaID
        pictureURL = message.fields.name("PicUrl")
    }
}
