/// A video that a user sent, of type `video` or `shortvideo`.
public struct VideoMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The video among the platform's temporary media, which live three days: `MediaId`.
    public let mediaID: MediaID
    /// The video's still picture: `ThumbMediaId`.
    public let thumbnailMediaID: MediaID?

    /// Reads a video message.
    /// - Parameter message: A message of type `video` or `shortvideo`.
    /// - Returns: `nil` without `MediaId`.
    public init?(_ message: Message) {
        guard message.type == .video || message.type == .shortVideo,
            let mediaID = message.fields.mediaID("MediaId")
        else { return nil }
        self.message = message
        self.mediaID = mediaID
        thumbnailMediaID = message.fields.mediaID("ThumbMediaId")
    }
}
