/// A user of the simulated platform's account, with a chat of their own.
public struct SimulatedUser: Sendable {
    /// The user's OpenID.
    public let openID: String
    /// The platform.
    public let platform: SimulatedPlatform

    /// Sends a message, or does what an event tells of, and waits until the platform is done with it.
    /// - Parameter message: The message or event.
    @discardableResult
    public func send(_ message: SimulatedMessage) async -> DeliveryReport {
        await platform.send(message, from: openID)
    }

    /// Gives a message its ID and its time, for deliveries that a test makes one by one.
    /// - Parameter message: The message or event.
    public func prepare(_ message: SimulatedMessage) -> PreparedMessage { platform.prepare(message, from: openID) }

    /// All that came into the chat, in order: passive replies, customer-service messages and notices.
    public var chat: [ChatEntry] { platform.chats.chat(of: openID) }

    /// What the user sees in the chat, in order.
    public var seen: [ShownContent] { chat.map(\.content) }

    /// What there is to read in the chat, in order: texts and notices.
    public var texts: [String] { seen.compactMap(\.text) }

    /// Waits until so much is in the chat.
    /// - Parameters:
    ///   - count: How many entries to wait for.
    ///   - time: How long to wait at the most.
    /// - Returns: What the user sees then, whether it is enough or not.
    public func seen(atLeast count: Int, within time: Duration) async -> [ShownContent] {
        await waiting(for: time) { seen.count >= count ? seen : nil } ?? seen
    }
}
