/// A recording that a user sent.
public struct VoiceMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The recording among the platform's temporary media, which live three days: `MediaId`.
    public let mediaID: MediaID
    /// The recording's format, such as `amr` or `speex`: `Format`.
    public let format: String?
    /// What the platform's speech recognition understood, where the account has it on: `Recognition`.
    public let recognition: String?
    /// The recording at a sampling rate of 16 kHz, where there is one: `MediaId16K`.
    public let mediaID16K: MediaID?

    /// Reads a voice message.
    /// - Parameter message: A message of type `voice`.
    /// - Returns: `nil` without `MediaId`.
    public init?(_ message: Message) {
        guard message.type == .voice, let mediaID = message.fields.mediaID("MediaId") else { return nil }
        self.message = message
        self.mediaID = mediaID
        format = message.fields.name("Format")
        recognition = message.fields.text("Recognition")
        mediaID16K = message.fields.mediaID("MediaId16K")
    }
}
