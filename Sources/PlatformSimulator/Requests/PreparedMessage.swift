internal import OfficialAccount

/// A message with its sender, its ID and its time: the same in each of its deliveries.
public struct PreparedMessage: Sendable {
    /// The sender's OpenID, which the query carries too.
    public let openID: String
    /// The envelope, as it is before it is encrypted.
    public let xml: [UInt8]
    /// Whether it is an event.
    public let isEvent: Bool
    /// The event's name, where it is an event.
    public let eventName: String?
    /// The text of `FromUserName`, which the reply must be for.
    let sender: String
    /// The text of `ToUserName`, which the reply must be from.
    let receiver: String
}

extension PreparedMessage: CustomStringConvertible, CustomReflectable {
    /// The size; what the message says stays out of descriptions.
    public var description: String { "PreparedMessage(\(eventName ?? "message"), \(xml.count) bytes)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SimulatedMessage {
    /// Writes the message as the platform does.
    /// - Parameters:
    ///   - openID: The sender.
    ///   - originalID: The account.
    ///   - messageID: The ID for a message that has none of its own.
    ///   - now: The time, in seconds since 1970, for a message that has none of its own.
    func prepared(from openID: String, to originalID: String, messageID: UInt64, now: Int64) -> PreparedMessage {
        if let envelope {
            let fields = try? Fields(parsing: envelope)
            return PreparedMessage(
                openID: openID, xml: envelope, isEvent: type == .event, eventName: fields?.text("Event"),
                sender: fields?.text("FromUserName") ?? openID, receiver: fields?.text("ToUserName") ?? originalID)
        }
        var all: [MessageElement] = [
            .text("ToUserName", originalID), .text("FromUserName", openID), .plain("CreateTime", createTime ?? now),
            .text("MsgType", type.rawValue),
        ]
        all += elements
        let isEvent = type == .event || type.rawValue == "device_event"
        if let id = self.messageID ?? (isEvent ? nil : messageID) { all.append(.plain("MsgId", id)) }
        var xml = "<xml>"
        for (index, element) in all.enumerated() {
            if index > 0 { xml += "\n" }
            element.write(to: &xml)
        }
        xml += "</xml>"
        return PreparedMessage(
            openID: openID, xml: Array(xml.utf8), isEvent: isEvent, eventName: isEvent ? eventName : nil,
            sender: openID, receiver: originalID)
    }
}
