/// A conversation with customer service began or ended: `kf_create_session` or `kf_close_session`.
public struct CustomerServiceSessionEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The customer-service account: `KfAccount`.
    public let account: String

    /// Reads the beginning or end of a conversation.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is neither of the two or has no `KfAccount`.
    public init?(_ message: Message) {
        guard
            message.event == .customerServiceCreateSession || message.event == .customerServiceCloseSession,
            let account = message.fields.name("KfAccount")
        else { return nil }
        self.message = message
        self.account = account
    }
}

/// A conversation went from one customer-service account to another: `kf_switch_session`.
public struct CustomerServiceSwitchEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The customer-service account that had it: `FromKfAccount`.
    public let from: String
    /// The customer-service account that has it now: `ToKfAccount`.
    public let to: String

    /// Reads the handing over of a conversation.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `kf_switch_session` or lacks one of the accounts.
    public init?(_ message: Message) {
        guard message.event == .customerServiceSwitchSession,
            let from = message.fields.name("FromKfAccount"),
            let to = message.fields.name("ToKfAccount")
        else { return nil }
        self.message = message
        self.from = from
        self.to = to
    }
}
