internal import OfficialAccount
internal import Synchronization

/// How a message is handled whose handler answers at once, which is how nearly all are: where the store is this process's
/// own, there is nothing to tell others meanwhile, so that one entry suffices, written when the answer is there.
extension MessageHandling {
    /// Handles a message that is new.
    /// - Returns: `nil` where the message is known already, or its sender may be owed something.
    nonisolated(nonsending) func answerAtOnce(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, in store: MemoryStore, arrival: Int64
    ) async -> Verdict? {
        guard !owes.isPossible(at: arrival), store.reserve(key, lifetime: runningLifetime) else { return nil }
        running.begin()
        let work = WorkAtOnce()
        let task = Task.immediate {
            let reply = await self.reply(to: message, account, attempt: 1)
            guard let pending = work.finish(reply) else { return }
            await self.end(pending, with: reply)
        }
        if let reply = work.answer, reply.isOnePart {
            var record = HandlingRecord(owner: heartbeat.owner, firstDelivery: arrival)
            record.phase = .finished
            record.given = reply
            store.set(key, record.bytes, lifetime: keptLifetime)
            running.end()
            return .reply(reply)
        }
        let record = HandlingRecord(owner: heartbeat.owner, firstDelivery: arrival)
        let revision = store.set(key, record.bytes, lifetime: runningLifetime)
        let pending = PendingAnswer(
            key: key, message: message, account: account, store: store,
            claim: HandlingClaim(record: record, revision: revision), delivery: 1,
            liveUntil: arrival + settings.ladder.answer)
        if let reply = work.leave(pending) {
            await end(pending, with: reply)
        } else {
            list(pending, task)
        }
        return await attend(pending, delivery: 1, arrival: arrival, first: arrival)
    }
}

extension Reply {
    /// Whether the platform takes the reply as it is.
    fileprivate var isOnePart: Bool {
        if case .text(let text) = content { text.utf8.count <= Self.longestText } else { true }
    }
}

/// The moment between a handler's start and its answer: decides who writes the answer down.
///
/// Unchecked: `reply` and `pending` are each written before, and read after, the exchange of `state` that publishes them.
private final class WorkAtOnce: @unchecked Sendable {
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

/// Whether this process may owe somebody an answer: as long as nobody was ever told to come back, nobody's mailbox has to
/// be looked at.
final class OwedAnswers: Sendable {
    private let until = Atomic<Int64>(.min)

    /// Notes that something is owed, for so long at the most.
    func note(until time: Int64) { until.store(time, ordering: .relaxed) }

    func isPossible(at time: Int64) -> Bool { time < until.load(ordering: .relaxed) }
}
