internal import OfficialAccountBot

/// What the answer of a service or a program changes in the user's session.
struct SessionChange: Sendable, Equatable {
    enum State: Sendable, Equatable {
        case unchanged
        case left
        case entered(String)
    }

    /// Where the user is in a dialogue from now on.
    var state = State.unchanged
    /// What is remembered; `nil` forgets a value. Others stay.
    var values: [String: String?] = [:]
    /// For how many seconds the session is kept.
    var lifetime: Double?

    /// The end of the session: nothing of it is kept.
    static let end = SessionChange(state: .left)

    /// Makes the change.
    nonisolated(nonsending) func apply(
        to openID: String, in sessions: Sessions, lifetime standard: Double
    ) async throws(StoreError) {
        if state == .left, values.isEmpty { return try await sessions.end(of: openID) }
        let (state, values) = (state, values)
        try await sessions.change(of: openID, lifetime: lifetime ?? standard) { session in
            switch state {
            case .unchanged: break
            case .left: session.state = nil
            case .entered(let name): session.state = name
            }
            for (name, value) in values { session.values[name] = value }
        }
    }
}
