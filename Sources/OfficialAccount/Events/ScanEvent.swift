/// A follower scanned one of the account's QR codes.
public struct ScanEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The QR code's scene: `EventKey`.
    public let eventKey: String
    /// The QR code's ticket, by which its picture can be fetched: `Ticket`.
    public let ticket: String?

    /// Reads a scan.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `SCAN` or has no `EventKey`.
    public init?(_ message: Message) {
        guard message.event == .scan, let eventKey = message.eventKey else { return nil }
        self.message = message
        self.eventKey = eventKey
        ticket = message.fields.name("Ticket")
    }
}
