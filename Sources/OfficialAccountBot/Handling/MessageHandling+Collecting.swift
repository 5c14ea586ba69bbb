internal import OfficialAccount

/// How a sender gets what is owed.
extension MessageHandling {
    /// Answers a message with what its sender is owed.
    /// - Returns: `nil` where nothing is ready and the message is a question of its own.
    nonisolated(nonsending) func answerWithOwed(_ pending: PendingAnswer, _ owed: StoreValue) async throws(StoreError)
        -> Verdict?
    {
        let asks = TextMessage(pending.message).map { pending.account.late.asks($0.content) } ?? false
        // A process that ends with its answer could not see to the question afterwards.
        guard asks || settings.outlivesAnswers else { return nil }
        var owed: StoreValue? = owed
        while let value = owed, var claim = pending.claim {
            var mailbox = mailbox(value)
            guard !mailbox.isEmpty else { return nil }
            let reply = mailbox.takeReady()
            if let reply {
                claim.record.given = reply
                if asks {
                    claim.record.phase = .finished
                } else {
                    // The question is handled, and its answer waits in turn.
                    claim.record.route = pending.mode == .customerService ? .customerService : .mailbox
                    if pending.store.isShared { claim.record.message = pending.message.xml() }
                    mailbox.expect(answerTo: pending.key, since: clock())
                }
            } else if asks {
                claim.record.isCollecting = true
            } else {
                revive(mailbox, pending)
                return nil
            }
            var transaction = StoreTransaction(
                conditions: [.init(pending.key, claim.revision)],
                writes: [.init(pending.key, claim.record.bytes, lifetime: runningLifetime)],
                reads: [pending.key, pending.mailboxKey])
            change(pending.mailboxKey, to: mailbox, from: value, in: &transaction)
            if claim.record.isOwedByCustomerService { try await owe(pending, in: &transaction) }
            let outcome = try await pending.store.commit(transaction)
            guard outcome.isApplied else {
                owed = outcome.values[1]
                guard let value = outcome.values[0] else {
                    // It has left the store, for want of room perhaps.
                    pending.claim?.revision = 0
                    continue
                }
                guard let record = HandlingRecord(value.bytes), record.isClaim(claim.record), record.given == nil
                else { return nil }
                pending.claim = HandlingClaim(record: record, revision: value.revision)
                continue
            }
            claim.revision = outcome.revision
            pending.claim = claim
            tellOfRoom(in: mailbox, pending)
            guard let reply else {
                let arrival = claim.record.firstDelivery
                start(pending) { await self.collect($0) }
                return await attend(pending, delivery: 1, arrival: arrival, first: arrival)
            }
            pending.give(reply)
            observe(.collected, pending)
            if !asks { start(pending) { await self.run($0) } }
            return .reply(reply)
        }
        return nil
    }

    /// Waits for what the sender is owed, and answers with it.
    private func collect(_ pending: PendingAnswer) async -> Reply? {
        while !Task.isCancelled, pending.given == nil {
            do throws(StoreError) {
                if let reply = try await collectOnce(pending) { return reply }
                if pending.given != nil { return nil }
            } catch {
                _ = stores.failed(error)
            }
            try? await Task.sleep(for: .milliseconds(settings.ladder.poll))
        }
        return nil
    }

    /// - Returns: What ends the wait where nothing is owed any more.
    private func collectOnce(_ pending: PendingAnswer) async throws(StoreError) -> Reply? {
        let read = try await pending.store.commit(StoreTransaction(reads: [pending.key, pending.mailboxKey]))
        guard let value = read.values[0], var record = HandlingRecord(value.bytes) else { return Reply.none }
        if let given = record.given {
            pending.give(given)
            return nil
        }
        var mailbox = mailbox(read.values[1])
        guard let reply = mailbox.takeReady() else {
            revive(mailbox, pending)
            // What was owed has gone out in another answer, or by customer service.
            return mailbox.isEmpty ? Reply.none : nil
        }
        record.phase = .finished
        record.given = reply
        var transaction = StoreTransaction(
            conditions: [.init(pending.key, value.revision)],
            writes: [.init(pending.key, record.bytes, lifetime: keptLifetime)])
        change(pending.mailboxKey, to: mailbox, from: read.values[1], in: &transaction)
        if try await pending.store.commit(transaction).isApplied {
            pending.give(reply)
            observe(.collected, pending)
        }
        return nil
    }

    /// Handles again what the sender is owed by a process that has died.
    private func revive(_ mailbox: Mailbox, _ pending: PendingAnswer) {
        guard pending.store.isShared else { return }
        for item in mailbox.items where item.reply == nil && item.message != pending.key {
            guard running[item.message]?.claim == nil else { continue }
            Task { try? await self.revive(item.message, pending) }
        }
    }

    private func revive(_ key: StoreKey, _ asking: PendingAnswer) async throws {
        let store = asking.store
        let read = try await store.commit(StoreTransaction(reads: [key, asking.mailboxKey]))
        guard read.values[0] != nil else {
            // Too old, or lost: nobody answers it any more, and nobody should wait for it.
            var mailbox = mailbox(read.values[1])
            mailbox.forget(answerTo: key)
            var transaction = StoreTransaction(conditions: [.init(key, 0)])
            change(asking.mailboxKey, to: mailbox, from: read.values[1], in: &transaction)
            _ = try await store.commit(transaction)
            return
        }
        guard let value = read.values[0], let record = HandlingRecord(value.bytes), record.phase == .running,
            record.owner != heartbeat.owner, let body = record.message
        else { return }
        let message = try Message(parsing: body)
        let revived = PendingAnswer(
            key: key, message: message, account: asking.account, store: store, claim: nil,
            delivery: record.deliveries, liveUntil: 0)
        try await takeOver(revived, HandlingClaim(record: record, revision: value.revision))
    }

    /// Takes a message over whose process shows no sign of life, or that this process has claimed without hearing of it.
    func takeOver(_ pending: PendingAnswer, _ known: HandlingClaim) async throws(StoreError) {
        var record = known.record
        var conditions = [StoreTransaction.Condition(pending.key, known.revision)]
        if record.owner != heartbeat.owner {
            conditions.append(.init(HandlingKeys.heartbeat(owner: record.owner), 0))
            record.attempt += 1
        }
        record.owner = heartbeat.owner
        try await claim(pending, record, where: conditions)
    }

    /// How often a message is handled where processes die over it.
    private static let mostAttempts = 2

    /// Claims a message whose record the store has lost, so that it is not known who handles it.
    func claimAnew(_ pending: PendingAnswer) async throws(StoreError) {
        var record = HandlingRecord(owner: heartbeat.owner, firstDelivery: clock())
        record.attempt = 2
        record.deliveries = pending.latestDelivery
        try await claim(pending, record, where: [.init(pending.key, 0)])
    }

    private func claim(
        _ pending: PendingAnswer, _ record: HandlingRecord, where conditions: [StoreTransaction.Condition]
    ) async throws(StoreError) {
        // Where the store has just failed, signs are missing there of processes that live.
        guard stores.hasWorked(for: Heartbeat.lifetime + 1_000) else { return }
        let sign = heartbeat.sign()
        var transaction = StoreTransaction(
            conditions: conditions, writes: [.init(pending.key, record.bytes, lifetime: runningLifetime)])
        if let sign { transaction.writes.append(sign.write) }
        let outcome: StoreOutcome
        do throws(StoreError) {
            if record.isOwedByCustomerService { try await owe(pending, in: &transaction) }
            outcome = try await pending.store.commit(transaction)
        } catch {
            pending.givePlace(backTo: places)
            throw error
        }
        if !outcome.isApplied { pending.givePlace(backTo: places) }
        guard outcome.isApplied, pending.beginAgain() else { return }
        if let sign { heartbeat.signed(at: sign.time) }
        pending.claim = HandlingClaim(record: record, revision: outcome.revision)
        observe(.takenOver(attempt: record.attempt), pending)
        let isCollecting = record.isCollecting
        // A message over which two processes have died is not given a third.
        let isHopeless = record.attempt > Self.mostAttempts
        start(pending) {
            if isHopeless { return $0.account.late.apologyReply }
            return isCollecting ? await self.collect($0) : await self.run($0)
        }
    }
}
