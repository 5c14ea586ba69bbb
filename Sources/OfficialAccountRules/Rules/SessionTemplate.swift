internal import Logging
internal import OfficialAccount
internal import OfficialAccountBot

/// What a rule that has answered changes in the sender's session, with templates where its values are.
struct SessionTemplate: Sendable {
    /// The change, but for values that are made of the message.
    var change = SessionChange()
    /// The values that are made of the message.
    var values: [String: Template] = [:]
    /// For how many seconds the session is kept from then on.
    var lifetime: Double

    /// Whether what is set is made of what is there.
    var needsSession: Bool { values.values.contains(where: \.needsSession) }

    /// Makes the change. A store that fails is told of by the handling of messages; the answer goes out all the same.
    /// - Parameter warnings: How often the log is told that it was not made, which is up to users: a session has a limit.
    nonisolated(nonsending) func apply(
        for message: Message, _ context: Context, warnings: WarningLimit
    ) async {
        guard let sessions = context.sessions else { return }
        var change = change
        for (name, value) in values { change.values[name] = value.render(message, context) }
        do throws(StoreError) {
            try await change.apply(to: message.fromUserName, in: sessions, lifetime: lifetime)
        } catch {
            guard let end = warnings.admit(now: StoreClock.wall()) else { return }
            context.logger.warning("a user's session was not changed: \(error)\(end)")
        }
    }
}

extension Template {
    /// Whether it names something of the sender's session.
    var needsSession: Bool { names.contains { $0.hasPrefix("session") } }
}
