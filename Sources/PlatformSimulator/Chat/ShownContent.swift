public import OfficialAccount

/// One thing that a user sees in the chat with the account.
public enum ShownContent: Sendable, Equatable {
    /// What the account says, as a passive reply or by the customer-service interface.
    case reply(Reply)
    /// A customer-service message that no passive reply can be, such as `msgmenu`: its `msgtype`.
    case other(type: String)
    /// 「该公众号提供的服务出现故障，请稍后再试」
    case faultNotice

    /// What the platform shows where the account gave it nothing that it can show.
    public static let faultNoticeText = "该公众号提供的服务出现故障，请稍后再试"

    /// A text.
    /// - Parameter text: What the account says.
    public static func text(_ text: String) -> ShownContent { .reply(.text(text)) }

    /// What there is to read: the text of a text, or of the notice; `nil` for the rest.
    public var text: String? {
        switch self {
        case .reply(let reply): if case .text(let text) = reply.content { text } else { nil }
        case .other: nil
        case .faultNotice: Self.faultNoticeText
        }
    }
}

extension ShownContent: CustomStringConvertible, CustomReflectable {
    /// The kind of content; what it says stays out of descriptions.
    public var description: String {
        switch self {
        case .reply(let reply): reply.description
        case .other(let type): "Other(\(type))"
        case .faultNotice: "FaultNotice"
        }
    }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// One thing in a user's chat, and how it came there.
public struct ChatEntry: Sendable, Equatable {
    /// The ways into a chat.
    public enum Way: Sendable, Equatable {
        /// As the answer to a delivery.
        case passiveReply
        /// By the customer-service interface.
        case customerService
        /// From the platform itself.
        case platform
    }

    /// What the user sees.
    public let content: ShownContent
    /// How it came there.
    public let way: Way
    /// When it came, by a clock that never jumps.
    public let time: ContinuousClock.Instant
}
