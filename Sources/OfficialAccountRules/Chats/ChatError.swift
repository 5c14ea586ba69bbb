public import OfficialAccountBot

/// Why a chat has no answer to a question, and what to do about it.
public struct ChatError: LoggableError, Sendable, Equatable {
    /// What kind of failure it is.
    public enum Reason: Sendable, Equatable {
        /// The endpoint did not take the key.
        case key
        /// The provider wants to be paid first.
        case quota
        /// The endpoint has been asked too often.
        case rate
        /// There is no such endpoint or model.
        case notFound
        /// The endpoint did not take the request.
        case refused
        /// The endpoint, or something in front of it, is out of order.
        case unavailable
        /// The endpoint could not be reached.
        case unreachable
        /// The endpoint did not answer in time.
        case late
        /// What it answered is not what a chat endpoint answers.
        case unreadable
        /// The provider held the answer back for what it says.
        case filtered
        /// The answer has no words.
        case empty
    }

    /// What kind of failure it is.
    public let reason: Reason
    /// What went wrong and what to do about it, in a sentence or two; never the key, a question or an answer.
    public let description: String

    init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}

/// Why one attempt failed, and whether another one may help.
struct ChatFailure: Error {
    enum Repetition: Equatable {
        /// After a pause; at least this one where the endpoint said how long.
        case after(Duration?)
        /// It would fail again.
        case pointless
    }

    var error: ChatError
    var repetition = Repetition.pointless
}

/// A failure on the way to the endpoint, in words.
extension ChatFailure {
    static let network = "check the network, the name server and the firewall"

    static func unreachable(_ endpoint: ChatEndpoint, _ why: String, _ repetition: Repetition) -> ChatFailure {
        ChatFailure(
            error: ChatError(.unreachable, "\(endpoint) could not be reached: \(why)"), repetition: repetition)
    }

    static func unreadable(_ endpoint: ChatEndpoint, _ what: String) -> ChatFailure {
        ChatFailure(
            error: ChatError(
                .unreadable,
                "the answer of \(endpoint) \(what); is its path right? It mostly ends in /chat/completions"))
    }
}
