internal import OfficialAccount
internal import Synchronization

/// How a message is handled whose handler answers at once, which is how nearly all are: where the store is this process's
/// own, there is nothing to tell others meanwhile, so that one entry suffices, written when the answer is there.
extension MessageHandling {
    /// Handles a message that is new.
    /// - Returns: `nil` where the message is known already, or its sender may be owed something.
    func beginAtOnce(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, in store: MemoryStore, arrival: Int64
    ) -> Beginning? {
        guard !owes.isPossible(at: arrival) else { return nil }
        guard let place = store.reserve(key, lifetime: runningLifetime) else { return nil }
        running.begin()
        let work = WorkAtOnce()
        let task = Task.immediate {
            let reply = await self.reply(to: message, account, attempt: 1)
            guard let pending = work.finish(reply) else { return }
            await self.end(pending, with: reply)
        }
        var record = HandlingRecord(owner: heartbeat.owner, firstDelivery: arrival)
        if let reply = work.answer, reply.isOnePart {
            record.phase = .finished
            record.given = reply
            store.fill(place, key, record.bytes, lifetime: keptLifetime)
            running.end()
            return .now(.reply(reply))
        }
        let revision = store.fill(place, key, record.bytes, lifetime: runningLifetime)
        let pending = PendingAnswer(
            key: key, message: message, account: account, store: store,
            claim: HandlingClaim(record: record, revision: revision), delivery: 1,
            liveUntil: arrival + settings.ladder.answer)
        let reply = work.leave(pending)
        if reply == nil { list(pending, task) }
        return .later {
            // It has answered, in several parts or just now.
            if let reply { await self.end(pending, with: reply) }
            return await self.attend(pending, delivery: 1, arrival: arrival, first: arrival)
        }
    }
}

extension Reply {
    /// Whether the platform takes the reply as it is.
    fileprivate var isOnePart: Bool {
        if case .text(let text) = content { text.utf8.count <= Self.longestText } else { true }
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
