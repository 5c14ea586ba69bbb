internal import OfficialAccount
internal import Synchronization

/// How a message is handled whose handler answers at once, which is how nearly all are.
extension MessageHandling {
    /// Handles a message that is new, where the store is this process's own: there is nothing to tell others meanwhile, so
    /// that one entry suffices, written when the answer is there.
    /// - Returns: `nil` where the message is known already, its sender may be owed something, or leaves.
    func beginAtOnce(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, in store: MemoryStore, arrival: Int64
    ) -> Beginning? {
        guard !owes.isPossible(at: arrival), message.event != .unsubscribe else { return nil }
        guard let place = store.reserve(key, lifetime: runningLifetime) else { return nil }
        let (work, task) = startAtOnce(message, account)
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

    /// Handles a message that is new, where others share the store: it is claimed there before the handler starts.
    ///
    /// What rarely happens is left to others, since what a function holds while it waits is taken from memory each time.
    /// - Returns: `nil` where the message is known already, its sender leaves, or the store failed: nothing was done then.
    nonisolated(nonsending) func answerAtOnce(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, sharing store: any Store, arrival: Int64
    ) async -> Verdict? {
        guard message.event != .unsubscribe else { return nil }
        let sign = heartbeat.sign()
        let revision: UInt64
        do throws(StoreError) {
            let outcome = try await store.commit(claiming(message, account, key, sign?.write, at: arrival))
            guard outcome.isApplied else { return nil }
            if let sign { heartbeat.signed(at: sign.time) }
            revision = outcome.revision
            if let first = outcome.values.first, let owed = first {
                let pending = pending(message, account, key, revision, in: store, at: arrival)
                return try await handle(pending, owed: owed, arrival: arrival)
            }
        } catch {
            _ = stores.failed(error)
            return nil
        }
        let (work, task) = startAtOnce(message, account)
        var hasFailed = false
        if let reply = work.answer, reply.isOnePart, clock() <= arrival + settings.ladder.answer {
            do throws(StoreError) {
                if try await store.commit(finishing(key, revision, with: reply, at: arrival)).isApplied {
                    running.end()
                    heartbeat.end()
                    return .reply(reply)
                }
            } catch {
                _ = stores.failed(error)
                hasFailed = true
            }
        }
        let pending = pending(message, account, key, revision, in: store, at: arrival)
        return await attend(pending, to: work, task, hasFailed: hasFailed, arrival: arrival)
    }

    /// Starts a handler, which may have answered when this returns.
    func startAtOnce(_ message: Message, _ account: HandlingAccount, attempt: Int = 1) -> (
        work: WorkAtOnce, task: Task<Void, Never>
    ) {
        running.begin()
        if isShared { heartbeat.begin() }
        let work = WorkAtOnce()
        let task = Task.immediate {
            let reply = await self.reply(to: message, account, attempt: attempt)
            guard let pending = work.finish(reply) else { return }
            await self.end(pending, with: reply)
        }
        return (work, task)
    }

    @inline(never)
    private func claiming(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, _ sign: StoreTransaction.Write?,
        at arrival: Int64
    ) -> StoreTransaction {
        let record = HandlingRecord(owner: heartbeat.owner, firstDelivery: arrival)
        var transaction = StoreTransaction(
            conditions: [.init(key, 0)], writes: [.init(key, record.bytes, lifetime: runningLifetime)])
        if message.event == nil {
            transaction.reads = [HandlingKeys.mailbox(sender: message.senderBytes, account: account.key)]
        }
        if let sign { transaction.writes.append(sign) }
        return transaction
    }

    @inline(never)
    private func finishing(_ key: StoreKey, _ revision: UInt64, with reply: Reply, at arrival: Int64)
        -> StoreTransaction
    {
        var record = HandlingRecord(owner: heartbeat.owner, firstDelivery: arrival)
        record.phase = .finished
        record.given = reply
        return StoreTransaction(
            conditions: [.init(key, revision)], writes: [.init(key, record.bytes, lifetime: keptLifetime)])
    }

    @inline(never)
    private func pending(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, _ revision: UInt64, in store: any Store,
        at arrival: Int64
    ) -> PendingAnswer {
        let record = HandlingRecord(owner: heartbeat.owner, firstDelivery: arrival)
        return PendingAnswer(
            key: key, message: message, account: account, store: store,
            claim: HandlingClaim(record: record, revision: revision), delivery: 1,
            liveUntil: arrival + settings.ladder.answer)
    }

    /// Attends to a message whose handler has not answered at once, or whose answer is not written down yet.
    @inline(never)
    nonisolated(nonsending) private func attend(
        _ pending: PendingAnswer, to work: WorkAtOnce, _ task: Task<Void, Never>, hasFailed: Bool, arrival: Int64
    ) async -> Verdict {
        if let reply = work.answer ?? work.leave(pending) {
            // It is written down here: nothing has to be waited for but the store.
            await end(pending, with: reply, hasFailed: hasFailed)
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

/// Whether this process may owe somebody an answer: as long as nobody was ever told to come back, nobody's mailbox has to
/// be looked at.
final class OwedAnswers: Sendable {
    private let until = Atomic<Int64>(.min)

    /// Notes that something is owed, for so long at the most.
    func note(until time: Int64) { until.store(time, ordering: .relaxed) }

    func isPossible(at time: Int64) -> Bool { time < until.load(ordering: .relaxed) }
}
