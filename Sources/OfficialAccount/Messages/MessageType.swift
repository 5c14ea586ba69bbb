/// What kind of message the platform sent: the text of `MsgType`.
///
/// A value of its own rather than a closed list, since the platform adds types; compare with the constants here or
/// make one from any name. Names are compared exactly, as the platform spells them.
public struct MessageType: RawRepresentable, Hashable, Sendable {
    /// The name in `MsgType`.
    public let rawValue: String

    /// Creates a type from its name.
    /// - Parameter rawValue: The name as it stands in `MsgType`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A text message.
    public static let text = MessageType(rawValue: "text")
    /// A picture.
    public static let image = MessageType(rawValue: "image")
    /// A voice recording.
    public static let voice = MessageType(rawValue: "voice")
    /// A video.
    public static let video = MessageType(rawValue: "video")
    /// A short video taken in the chat.
    public static let shortVideo = MessageType(rawValue: "shortvideo")
    /// A place.
    public static let location = MessageType(rawValue: "location")
    /// A link to an article.
    public static let link = MessageType(rawValue: "link")
    /// A card of a mini program.
    public static let miniProgramPage = MessageType(rawValue: "miniprogrampage")
    /// A file.
    public static let file = MessageType(rawValue: "file")
    /// Something that happened rather than something written: see ``EventType``.
    public static let event = MessageType(rawValue: "event")
}

extension MessageType: ExpressibleByStringLiteral {
    /// Takes the name as it stands in `MsgType`.
    /// - Parameter name: The name.
    public init(stringLiteral name: String) { self.init(rawValue: name) }
}
