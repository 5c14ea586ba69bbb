/// A menu item scanned a code: `scancode_push` showed the result itself, `scancode_waitmsg` waits for an answer.
public struct ScanCodeEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The menu item's key: `EventKey`.
    public let eventKey: String?
    /// The kind of code, such as `qrcode`: `ScanType`.
    public let scanType: String?
    /// What the code says: `ScanResult`.
    public let scanResult: String

    /// Reads a scan from a menu item.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is neither of the two or has no `ScanResult`.
    public init?(_ message: Message) {
        guard message.event == .scanCodePush || message.event == .scanCodeWaitMessage,
            let info = message.fields["ScanCodeInfo"]?.fields,
            let scanResult = info.text("ScanResult")
        else { return nil }
        self.message = message
        self.scanResult = scanResult
        eventKey = message.eventKey
        scanType = info.name("ScanType")
    }
}
