internal import OfficialAccount
internal import Synchronization

/// How a message is handled whose handler answers at once, which is how nearly all are.
extension MessageHandling {
    /// Handles a message that is new, where the store is this process's own: there is nothing to tell others meanwhile, so
    /// that one entry suffices, written when the answer is there.
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

    /// Handles a message that this process has claimed in any store, and whose sender is owed nothing.
    nonisolated(nonsending) func answer(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, _ claim: HandlingClaim, in store: any Store,
        arrival: Int64
    ) async -> Verdict {
        running.begin()
        if isShared { heartbeat.begin() }
        let work = WorkAtOnce()
        let task = Task.immediate {
            let reply = await self.reply(to: message, account, attempt: 1)
            guard let pending = work.finish(reply) else { return }
            await self.end(pending, with: reply)
        }
        let liveUntil = arrival + settings.ladder.answer
        var hasFailed = false
        if let reply = work.answer, reply.isOnePart, clock() <= liveUntil {
            do throws(StoreError) {
                if try await store.commit(finishing(key, claim, with: reply)).isApplied {
                    running.end()
                    if isShared { heartbeat.end() }
                    return .reply(reply)
                }
            } catch {
                _ = stores.failed(error)
                hasFailed = true
            }
        }
        let pending = PendingAnswer(
            key: key, message: message, account: account, store: store, claim: claim, delivery: 1,
            liveUntil: liveUntil)
        if let reply = work.answer ?? work.leave(pending) {
            // It is written down here: nothing has to be waited for but the store.
            await end(pending, with: reply, hasFailed: hasFailed)
        } else {
            list(pending, task)
        }
        return await attend(pending, delivery: 1, arrival: arrival, first: arrival)
    }

    private func finishing(_ key: StoreKey, _ claim: HandlingClaim, with reply: Reply) -> StoreTransaction {
        var record = claim.record
        record.phase = .finished
        record.given = reply
        return StoreTransaction(
            conditions: [.init(key, claim.revision)], writes: [.init(key, record.bytes, lifetime: keptLifetime)])
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
