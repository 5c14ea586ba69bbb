internal import OfficialAccount
internal import Synchronization

/// The moment between a handler's start and its answer: decides who writes the answer down.
///
/// Unchecked: `reply` and `pending` are each written before, and read after, the exchange of `state` that publishes them.
final class WorkAtOnce: @unchecked Sendable {
    private enum State { static let started = 0, answered = 1, left = 2 }
    private let state = Atomic<Int>(State.started)
    private var reply: Reply?
    private var pending: PendingAnswer?

    /// Called with the handler's answer, or `nil` where its time was over.
    /// - Returns: Where to write it down, if the one who started the handler has left.
    func finish(_ reply: Reply?) -> PendingAnswer? {
        self.reply = reply
        let isFirst = state.compareExchange(
            expected: State.started, desired: State.answered, ordering: .acquiringAndReleasing
        ).exchanged
        return isFirst ? nil : pending
    }

    /// The answer, where it is there.
    var answer: Reply? { state.load(ordering: .acquiring) == State.answered ? reply : nil }

    /// Called by the one who started the handler, to leave it to itself.
    /// - Returns: The answer, where it is there; then it is for the caller to write down.
    func leave(_ pending: PendingAnswer) -> Reply? {
        self.pending = pending
        let isFirst = state.compareExchange(
            expected: State.started, desired: State.left, ordering: .acquiringAndReleasing
        ).exchanged
        return isFirst ? nil : reply
    }
}
