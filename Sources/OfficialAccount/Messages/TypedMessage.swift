/// A message read as one type, its fields typed.
///
/// The initializer returns `nil` where the message is of another type, or lacks what the type cannot do without (a text
/// without `Content`, a picture without `MediaId`): such a message still reaches who takes ``AnyMessage``. What the
/// platform may leave out is optional.
public protocol TypedMessage: Sendable, CustomDebugStringConvertible, CustomReflectable {
    /// The message with all of its fields.
    var message: Message { get }

    /// Reads a message as this type.
    /// - Parameter message: Any message.
    /// - Returns: `nil` where the message is not of this type or lacks an essential field.
    init?(_ message: Message)
}

extension TypedMessage {
    /// The account that the message was sent to, by its original ID (`gh_…`): `ToUserName`.
    public var toUserName: String { message.toUserName }
    /// The sender's OpenID: `FromUserName`.
    public var fromUserName: String { message.fromUserName }
    /// When the message was made, in seconds since 1970: `CreateTime`.
    public var createTime: Int64 { message.createTime }
    /// The message's number: `MsgId`; events have none.
    public var messageID: UInt64? { message.messageID }
    /// The kind of message: `MsgType`.
    public var type: MessageType { message.type }
    /// What happened: `Event`; `nil` where the message is not an event.
    public var event: EventType? { message.event }
    /// The number of the article that the message was written to: `MsgDataId`.
    public var messageDataID: String? { message.messageDataID }
    /// Which of several articles the message was written to, counted from 1: `Idx`.
    public var index: Int? { message.index }
    /// All elements of the message, known or not, in order.
    public var fields: Fields { message.fields }

    /// The message's type, event and number. What was written, and by whom, stays out of descriptions.
    public var debugDescription: String { message.description }
    /// A mirror that shows what the description does.
    public var customMirror: Mirror { message.customMirror }
}

/// Any message or event, for who takes them all.
public struct AnyMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The key of an event, such as a menu item's: `EventKey`; `nil` where it is absent or empty.
    public var eventKey: String? { message.eventKey }

    /// Takes any message.
    /// - Parameter message: The message.
    public init(_ message: Message) { self.message = message }
}
