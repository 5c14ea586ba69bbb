internal import Synchronization

/// The moment between a handler's start and its answer: decides whether the worker that started it waits for it here or
/// leaves it.
///
/// Unchecked: `response` is written before, and read after, the exchange of `state` that publishes it.
final class Exchange: @unchecked Sendable {
    private enum State { static let started = 0, answered = 1, left = 2 }
    private let state = Atomic<Int>(State.started)
    private var response: Response?

    /// Called with the handler's answer.
    /// - Returns: Whether the worker has left, so that the caller must see to the answer.
    func finish(_ response: Response) -> Bool {
        self.response = response
        return !state.compareExchange(
            expected: State.started, desired: State.answered, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// Called by the worker when the handler has suspended or returned.
    /// - Returns: The answer, where it is there; otherwise the worker has left.
    func leave() -> Response? {
        state.compareExchange(expected: State.started, desired: State.left, ordering: .acquiringAndReleasing).exchanged
            ? nil : response
    }

    /// The answer, where it is there.
    var answer: Response? { state.load(ordering: .acquiring) == State.answered ? response : nil }

    /// Makes ready for another request.
    func reset() {
        response = nil
        state.store(State.started, ordering: .relaxed)
    }
}
