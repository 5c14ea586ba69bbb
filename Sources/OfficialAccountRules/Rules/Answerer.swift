package import OfficialAccount
package import OfficialAccountBot

/// Makes the answer to a message that a rule is for: with a text that is there, with another service, with a program.
package protocol Answerer: Sendable {
    /// The answer to a message.
    /// - Parameters:
    ///   - message: The message.
    ///   - context: What is known beside it, the sender's session and the captures of the rule's pattern among it.
    /// - Returns: The answer, or `nil` where the rule is not for this message after all, so that the next one is tried.
    /// - Throws: What went wrong, in words that the log may show: nothing secret, and nothing that a user wrote.
    nonisolated(nonsending) func answer(_ message: Message, _ context: Context) async throws -> Reply?

    /// Whether of the messages that it is given it answers texts alone, so that rules behind it get the others.
    var answersTextsAlone: Bool { get }

    /// Whether it looks at the sender's session in the context.
    var needsSession: Bool { get }

    /// Erases what is kept of a user who leaves the account.
    /// - Parameters:
    ///   - openID: The user's OpenID.
    ///   - sessions: Where things are kept.
    nonisolated(nonsending) func forget(_ openID: String, in sessions: Sessions) async throws
}

extension Answerer {
    package var answersTextsAlone: Bool { false }
    package var needsSession: Bool { true }
    package func forget(_ openID: String, in sessions: Sessions) async throws {}
}
