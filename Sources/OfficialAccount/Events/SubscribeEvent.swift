/// A user followed the account, perhaps by scanning one of its QR codes.
public struct SubscribeEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The scene of the QR code that was scanned: `EventKey` without `qrscene_` before it.
    public let sceneKey: String?
    /// `EventKey` as the platform sent it; `nil` where it is absent or empty.
    public let eventKey: String?
    /// The QR code's ticket, by which its picture can be fetched: `Ticket`.
    public let ticket: String?

    /// Reads a follow.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `subscribe`.
    public init?(_ message: Message) {
        guard message.event == .subscribe else { return nil }
        self.message = message
        eventKey = message.eventKey
        let prefix = "qrscene_"
        sceneKey = eventKey.flatMap { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
        ticket = message.fields.name("Ticket")
    }
}

/// A user left the account. The platform does not pass an answer on.
public struct UnsubscribeEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message

    /// Reads a user's leaving.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `unsubscribe`.
    public init?(_ message: Message) {
        guard message.event == .unsubscribe else { return nil }
        self.message = message
    }
}
