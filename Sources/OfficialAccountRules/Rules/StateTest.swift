internal import OfficialAccountBot

/// Which states of the sender's session a rule is for.
struct StateTest: Sendable, Equatable {
    /// The states; `nil` among them stands for a user who is in no dialogue.
    var states: [String?]

    func holds(_ session: Session?) -> Bool { states.contains(session?.state) }
}
