internal import Logging
internal import OfficialAccount
internal import OfficialAccountBot

/// Which states of the sender's session a rule is for.
struct StateTest: Sendable, Equatable {
    /// The states; `nil` among them stands for a user who is in no dialogue.
    var states: [String?]

    func holds(_ session: Session?) -> Bool { states.contains(session?.state) }
}

/// What a rule that has answered changes in the sender's session.
struct SessionChange: Sendable {
    /// Whether everything is forgotten first.
    var clears = false
    /// The new state: `.some(nil)` ends the dialogue, `nil` leaves it.
    var state: String??
    /// The values that are set; `nil` to forget one.
    var values: [(name: String, value: Template?)] = []
    /// For how many seconds the session is kept from then on.
    var lifetime: Double

    /// Makes the change. A store that fails is told of by the handling of messages; the answer goes out all the same.
    nonisolated(nonsending) func make(for message: Message, _ context: Context) async {
        guard let sessions = context.sessions else { return }
        let texts = values.map { (name: $0.name, value: $0.value?.render(message, context)) }
        do throws(StoreError) {
            try await sessions.change(of: message.fromUserName, lifetime: lifetime) { session in
                if clears { session = Session() }
                if let state { session.state = state }
                for (name, value) in texts { session.values[name] = value }
            }
        } catch {
            context.logger.warning("a user's session was not changed: \(error)")
        }
    }
}
