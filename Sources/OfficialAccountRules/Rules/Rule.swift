internal import OfficialAccount
internal import OfficialAccountBot

/// One rule: which messages it is for, what it answers, what it remembers.
struct Rule: Sendable {
    /// What it asks of a message; one of them has to hold.
    var matchers: [RuleMatcher]
    /// Which states of the sender's session it is for; `nil` for any.
    var states: StateTest?
    /// Makes the answer.
    var answerer: any Answerer
    /// What changes in the sender's session when it has answered.
    var change: SessionTemplate?

    /// Whether it looks at the sender's session.
    var needsSession: Bool = false

    nonisolated(nonsending) func answer(
        _ message: Message, _ context: Context, warnings: WarningLimit
    ) async throws -> Reply? {
        if let states, !states.holds(context.session) { return nil }
        guard let reply = try await answerer.answer(message, context) else { return nil }
        await change?.apply(for: message, context, warnings: warnings)
        return reply
    }
}
