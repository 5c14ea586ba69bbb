/// A message or an event as the platform sent it, with the whole tree of its fields.
///
/// What all messages have is here; what one type has is in a ``TypedMessage`` made from it. The platform's pages on
/// receiving standard messages and event pushes have the fields.
public struct Message: Sendable, Equatable {
    /// All elements of the message, known or not, in order.
    public let fields: Fields
    /// When the message was made, in seconds since 1970: `CreateTime`; 0 where it is absent or not a whole number.
    public let createTime: Int64
    /// The kind of message: `MsgType`.
    public let type: MessageType
    /// The message's number: `MsgId`. Events have none; nor has a message whose number does not fit 64 bits.
    public let messageID: UInt64?
    /// What happened: `Event`, in a message of type ``MessageType/event``.
    public let event: EventType?

    /// Where the two names stand, so that a string is made only for who asks.
    let toUserNameSpan: Document.Span
    let fromUserNameSpan: Document.Span

    /// The account that the message was sent to, by its original ID (`gh_…`): `ToUserName`.
    public var toUserName: String { String(decoding: toUserNameUTF8, as: UTF8.self) }

    /// The sender's OpenID: `FromUserName`.
    public var fromUserName: String { String(decoding: fromUserNameUTF8, as: UTF8.self) }

    /// The key of an event, such as a menu item's: `EventKey`; `nil` where it is absent or empty.
    public var eventKey: String? { fields.name("EventKey") }

    /// The number of the article that a message was written to: `MsgDataId`.
    public var messageDataID: String? { fields.name("MsgDataId") }

    /// Which of several articles a message was written to, counted from 1: `Idx`.
    public var index: Int? { fields.integer("Idx") }

    var toUserNameUTF8: ArraySlice<UInt8> { fields.document.bytes(of: toUserNameSpan) }
    var fromUserNameUTF8: ArraySlice<UInt8> { fields.document.bytes(of: fromUserNameSpan) }
}

extension Message {
    /// Whether two messages have equal fields in the same order.
    /// - Parameters:
    ///   - left: One message.
    ///   - right: The other.
    public static func == (left: Message, right: Message) -> Bool { left.fields == right.fields }
}

extension Message: CustomStringConvertible, CustomReflectable {
    /// The message's type, event and number. What was written, and by whom, stays out of descriptions.
    public var description: String {
        var text = "Message(\(type.rawValue)"
        if let event { text += ", \(event.rawValue)" }
        if let messageID { text += ", \(messageID)" }
        return text + ")"
    }

    /// A mirror that shows what the description does.
    public var customMirror: Mirror {
        Mirror(self, children: ["type": type.rawValue, "event": event?.rawValue as Any, "messageID": messageID as Any])
    }
}
