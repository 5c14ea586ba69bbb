public import OfficialAccount

/// A message or an event that the platform is to deliver, before it has a sender.
///
/// ```swift
/// .text("天气 北京")
/// .subscribe(scene: "123", ticket: "gQH…")
/// .event("card_pass_check", [.text("CardId", "pFS7F…")])
/// ```
///
/// Source: the platform's pages on receiving messages and on receiving events.
public struct SimulatedMessage: Sendable {
    /// What kind of message it is.
    public var type: MessageType
    /// The elements behind `MsgType`, up to `MsgId`.
    public var elements: [MessageElement]
    /// The message's ID; without one a message gets the platform's next, and an event none.
    public var messageID: UInt64?
    /// When it was written, in seconds since 1970; by default when it is prepared for its first delivery.
    public var createTime: Int64?
    /// The whole envelope, where the message is sent as it is.
    var envelope: [UInt8]?

    /// Creates a message of any type.
    /// - Parameters:
    ///   - type: The text of `MsgType`.
    ///   - elements: The elements behind it.
    ///   - messageID: The message's ID, for one that is to have a certain one.
    ///   - createTime: When it was written, in seconds since 1970.
    public init(
        _ type: MessageType, _ elements: [MessageElement] = [], messageID: UInt64? = nil, createTime: Int64? = nil
    ) {
        self.type = type
        self.elements = elements
        self.messageID = messageID
        self.createTime = createTime
    }

    /// A message whose envelope is given byte by byte: it is signed and encrypted, but not changed.
    /// - Parameter xml: The envelope, from `<xml>` to `</xml>`, well-formed or not.
    public static func raw(_ xml: [UInt8]) -> SimulatedMessage {
        let fields = try? Fields(parsing: xml)
        var message = SimulatedMessage(MessageType(rawValue: fields?.text("MsgType") ?? ""))
        message.envelope = xml
        return message
    }

    /// A message whose envelope is given: it is signed and encrypted, but not changed.
    /// - Parameter xml: The envelope, from `<xml>` to `</xml>`, well-formed or not.
    public static func raw(_ xml: String) -> SimulatedMessage { raw(Array(xml.utf8)) }

    /// The same message with an ID of the caller's choice.
    /// - Parameter messageID: The text of `MsgId`.
    public func with(messageID: UInt64) -> SimulatedMessage {
        var message = self
        message.messageID = messageID
        return message
    }

    /// The same message, written at a certain time.
    /// - Parameter createTime: Seconds since 1970.
    public func with(createTime: Int64) -> SimulatedMessage {
        var message = self
        message.createTime = createTime
        return message
    }

    /// The same message with elements behind the others, such as `MsgDataId` and `Idx`.
    /// - Parameter elements: The elements.
    public func adding(_ elements: MessageElement...) -> SimulatedMessage {
        var message = self
        message.elements += elements
        return message
    }

    /// The event's name, where it is an event.
    public var eventName: String? {
        guard case .text(let name) = elements.first(where: { $0.name == "Event" })?.content else { return nil }
        return name
    }
}

extension SimulatedMessage: CustomStringConvertible, CustomReflectable {
    /// The type, and the event's name; what the message says stays out of descriptions.
    public var description: String {
        "SimulatedMessage(\(type.rawValue)\(eventName.map { " " + $0 } ?? "")\(envelope == nil ? "" : ", raw"))"
    }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
