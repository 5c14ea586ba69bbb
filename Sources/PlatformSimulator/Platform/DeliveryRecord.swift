public import FoundationEssentials
public import OfficialAccount

/// All of one delivery, for a time line.
public struct DeliveryRecord: Sendable {
    /// Which delivery of the message it was, from 1.
    public let number: Int
    /// When it began.
    public let startedAt: Date
    /// How long it took until its end.
    public let duration: Duration
    /// What was sent.
    public let request: CallbackRequest
    /// The message as it is before it is encrypted.
    public let messageXML: [UInt8]
    /// What came back; `nil` where nothing whole did.
    public let answer: CallbackAnswer?
    /// The reply's envelope, after decryption where it was encrypted; `nil` where there is none or it does not open.
    public let replyXML: [UInt8]?
    /// What the account answered, `Reply.none` where it had nothing to say, or why the delivery failed.
    public let result: Result<Reply, DeliveryFault>
    /// What is not as it should be in an answer that was taken.
    public let warnings: [AnswerWarning]
    /// Where it went, where that is a URL.
    let url: WebAddress?

    /// What the account answered, where the delivery did not fail.
    public var reply: Reply? { try? result.get() }

    /// Why the delivery failed, where it did.
    public var fault: DeliveryFault? { if case .failure(let fault) = result { fault } else { nil } }
}

extension DeliveryRecord: CustomStringConvertible, CustomReflectable {
    /// How the delivery ended; what was said stays out of descriptions.
    public var description: String {
        let end =
            switch result {
            case .success(let reply): reply.description
            case .failure(let fault): fault.description
            }
        return "delivery \(number), \(answer.map { "status \($0.status)" } ?? "no answer"), \(duration): \(end)"
    }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// All deliveries of one message, and what came of them.
public struct DeliveryReport: Sendable {
    /// What the user sees in the end.
    public enum Outcome: Sendable, Equatable {
        /// The account's reply. A hand-over to customer service is one too, though the user sees nothing of it.
        case reply(Reply)
        /// Nothing: the account had nothing to say.
        case nothing
        /// The notice that the account's service is out of order, since the last delivery failed too.
        case faultNotice(DeliveryFault)
    }

    /// The message.
    public let message: PreparedMessage
    /// The deliveries, in order.
    public let deliveries: [DeliveryRecord]
    /// What the user sees in the end.
    public let outcome: Outcome
}

extension DeliveryReport: CustomStringConvertible, CustomReflectable {
    /// A line for each delivery; what was said stays out of descriptions.
    public var description: String { deliveries.map(\.description).joined(separator: "\n") }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
