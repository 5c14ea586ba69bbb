/// The ID of a picture, recording or video kept by the platform; never empty.
///
/// ```swift
/// .image(mediaID: message.mediaID)          // what a user sent
/// .image(mediaID: try MediaID("Jd…"))       // what was uploaded
/// ```
public struct MediaID: RawRepresentable, Hashable, Sendable {
    /// The ID as the platform gave it.
    public let rawValue: String

    /// Creates an ID from its text.
    /// - Parameter rawValue: The ID as the platform gave it.
    /// - Returns: `nil` where it is empty or holds white space or control characters.
    public init?(rawValue: String) {
        guard !rawValue.isEmpty, rawValue.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        self.rawValue = rawValue
    }

    /// Creates an ID from its text.
    /// - Parameter text: The ID as the platform gave it.
    /// - Throws: ``ReplyError/invalidMediaID`` where it is empty or holds white space or control characters.
    public init(_ text: String) throws(ReplyError) {
        guard let id = MediaID(rawValue: text) else { throw .invalidMediaID }
        self = id
    }
}
