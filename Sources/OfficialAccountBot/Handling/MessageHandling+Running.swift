internal import OfficialAccount

/// How a handler is run, and where its answer goes.
extension MessageHandling {
    /// Handles a message that is this process's to handle.
    nonisolated(nonsending) func handle(_ pending: PendingAnswer, owed: StoreValue?, arrival: Int64)
        async throws(StoreError) -> Verdict
    {
        if pending.message.event == .unsubscribe {
            start(pending) { await self.run($0) }
            return await attend(pending, delivery: 1, arrival: arrival, first: arrival)
        }
        if let owed {
            do throws(StoreError) {
                if let verdict = try await answerWithOwed(pending, owed) { return verdict }
            } catch {
                // It is handled without the store, and nobody else gives the place back.
                pending.givePlace(backTo: places)
                throw error
            }
        }
        let (work, task) = startAtOnce(
            pending.message, pending.account, attempt: pending.claim?.record.attempt ?? 1)
        if let reply = work.answer ?? work.leave(pending) {
            // It is written down here: nothing has to be waited for but the store.
            await end(pending, with: reply)
        } else {
            list(pending, task)
        }
        return await attend(pending, delivery: 1, arrival: arrival, first: arrival)
    }

    /// Starts to work on an answer. What answers without suspending has answered when this returns.
    /// - Parameter work: Makes the answer; `nil` where it has written it down itself.
    func start(_ pending: PendingAnswer, work: @escaping @Sendable (PendingAnswer) async -> Reply?) {
        running.begin()
        if isShared { heartbeat.begin() }
        let task = Task.immediate {
            await self.end(pending, with: await work(pending))
        }
        list(pending, task)
    }

    /// Lists a message whose handler has not answered at once: it can be joined, and its time can run out.
    func list(_ pending: PendingAnswer, _ task: Task<Void, Never>) {
        guard pending.list() else { return }
        _ = running.add(pending)
        let seconds = settings.handlerTimeout
        let timeout = Task {
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil, !pending.isSettled else { return }
            guard pending.beginEnding() else { return }
            task.cancel()
            self.observe(.handlerTimedOut, pending)
            await self.writeDown(pending.account.late.apologyReply, of: pending)
        }
        if !pending.setTimeout(timeout) {
            timeout.cancel()
            running.remove(pending)
        }
    }

    /// Runs the handler.
    nonisolated(nonsending) func run(_ pending: PendingAnswer) async -> Reply? {
        if pending.message.event == .unsubscribe {
            let arrival = pending.claim?.record.firstDelivery ?? clock()
            await eraseOwed(to: pending.message, pending.account, arrival: arrival)
        }
        return await reply(to: pending.message, pending.account, attempt: pending.claim?.record.attempt ?? 1)
    }

    /// What a handler answers.
    /// - Returns: The account's apology where it throws; `nil` where its time was over, which is known already.
    nonisolated(nonsending) func reply(
        to message: Message, _ account: HandlingAccount, attempt: Int
    ) async -> Reply? {
        do {
            return try await (account.bot ?? bot).answer(message, Context(account: account, attempt: attempt))
        } catch {
            guard !Task.isCancelled else { return nil }
            tell(.handlerFailed(error), account, message)
            return account.late.apologyReply
        }
    }

    /// Ends the work on an answer, once.
    /// - Parameters:
    ///   - reply: The answer, or `nil` where somebody else writes it down.
    ///   - hasFailed: Whether the store has failed already when it was to take the answer.
    nonisolated(nonsending) func end(_ pending: PendingAnswer, with reply: Reply?, hasFailed: Bool = false) async {
        guard pending.beginEnding() else { return }
        guard let reply else { return settle(pending) }
        await writeDown(reply, of: pending, hasFailed: hasFailed)
    }

    /// Writes an answer down and hands it to whoever waits. Where the store fails, those who wait get it all the same,
    /// and it is tried again for as long as the answer would wait to be collected.
    nonisolated(nonsending) private func writeDown(
        _ reply: Reply, of pending: PendingAnswer, hasFailed: Bool = false
    ) async {
        var answer = Answer(reply, pending.account)
        if hasFailed {
            give(&answer, of: pending)
        } else if await tryToWrite(&answer, of: pending) {
            return settle(pending)
        }
        let unwritten = answer
        // In a task of its own: who waits has the answer, and the one that the handler runs in may be cancelled.
        Task {
            var answer = unwritten
            let giveUp = self.clock() + self.answerLifetime
            repeat {
                try? await Task.sleep(for: .seconds(1))
            } while await !self.tryToWrite(&answer, of: pending) && self.clock() < giveUp
            self.settle(pending)
        }
    }

    nonisolated(nonsending) private func tryToWrite(_ answer: inout Answer, of pending: PendingAnswer) async -> Bool {
        do throws(StoreError) {
            try await write(&answer, of: pending)
            return true
        } catch {
            _ = stores.failed(error)
            give(&answer, of: pending)
            return false
        }
    }

    /// Hands an answer that the store does not know to whoever waits.
    private func give(_ answer: inout Answer, of pending: PendingAnswer) {
        guard !answer.isGiven, pending.given == nil, pending.isLive(now: clock()) else { return }
        answer.isGiven = true
        pending.give(answer.parts[0])
    }

    /// An answer on its way.
    private struct Answer: Sendable {
        let reply: Reply
        let parts: [Reply]
        /// Whether a delivery has it already, although the store does not know.
        var isGiven = false
        /// What is left of it after what could be sent has been sent.
        var unsent: [Reply]?

        init(_ reply: Reply, _ account: HandlingAccount) {
            self.reply = reply
            parts = reply.parts(notice: account.late.continuation, most: account.mostParts)
        }
    }

    nonisolated(nonsending) private func write(_ answer: inout Answer, of pending: PendingAnswer)
        async throws(StoreError)
    {
        guard var claim = pending.claim else { return }
        while true {
            if try await write(&answer, of: pending, claim) { return }
            let read = try await pending.store.commit(StoreTransaction(reads: [pending.key]))
            guard let value = read.values[0] else {
                // A store that was started anew has lost the record.
                claim.revision = 0
                continue
            }
            let record = HandlingRecord(value.bytes)
            if let record, record.phase == .finished, record.owner == claim.record.owner,
                record.attempt == claim.record.attempt
            {
                // Finished by another delivery's last word, or by this very transaction, whose answer was lost.
                if let given = record.given { pending.give(given) }
                return
            }
            guard let record, record.isClaim(claim.record) else {
                pending.claim = nil
                observe(.overtaken, pending)
                watch(pending)
                return
            }
            claim = HandlingClaim(record: record, revision: value.revision)
        }
    }

    /// - Returns: Whether it was written; if not, somebody has changed something in between.
    nonisolated(nonsending) private func write(
        _ answer: inout Answer, of pending: PendingAnswer, _ claim: HandlingClaim
    ) async throws(StoreError) -> Bool {
        var record = claim.record
        record.phase = .finished
        record.message = nil
        let parts = answer.parts
        let goesBack = record.route == .delivery && (answer.isGiven || pending.isLive(now: clock()))
        if goesBack { record.given = parts[0] }
        if goesBack, parts.count == 1 {
            let transaction = finishing(pending, HandlingClaim(record: record, revision: claim.revision))
            guard try await pending.store.commit(transaction).isApplied else { return false }
            pending.give(parts[0])
            return true
        }
        let owed: [Reply]
        switch record.route {
        case .delivery where goesBack: owed = Array(parts.dropFirst())
        case .delivery, .mailbox: owed = self.owed(answer.reply, parts, pending, record)
        case .customerService:
            if answer.unsent == nil {
                // What is sent cannot be taken back, and whoever has taken the message over sends its own.
                switch await standing(of: pending, claim.record) {
                case .changed: return false
                case .left: record.route = .dropped
                case .claimed: answer.unsent = await send(answer.reply, of: pending)
                }
            }
            owed = answer.unsent ?? []
        case .dropped: owed = []
        }
        guard try await put(owed, of: pending, HandlingClaim(record: record, revision: claim.revision)) else {
            return false
        }
        if goesBack { pending.give(parts[0]) }
        return true
    }

    /// What ends the work on a message in the store.
    private func finishing(_ pending: PendingAnswer, _ claim: HandlingClaim) -> StoreTransaction {
        var transaction = StoreTransaction(
            conditions: [.init(pending.key, claim.revision)],
            writes: [.init(pending.key, claim.record.bytes, lifetime: keptLifetime)])
        owe(noMore: pending, in: &transaction)
        return transaction
    }

    /// What waits to be collected. A user who was told to come back is not left without a word.
    private func owed(
        _ reply: Reply, _ parts: [Reply], _ pending: PendingAnswer, _ record: HandlingRecord
    ) -> [Reply] {
        guard reply == .none else { return parts }
        let apology = pending.account.late.apologyReply
        let isAnnounced = record.route == .mailbox && record.given == .text(pending.account.late.notice)
        return isAnnounced && apology != .none ? [apology] : []
    }

    nonisolated(nonsending) private func put(
        _ owed: [Reply], of pending: PendingAnswer, _ claim: HandlingClaim
    ) async throws(StoreError) -> Bool {
        var claim = claim
        let key = pending.mailboxKey
        let read = try await pending.store.commit(StoreTransaction(reads: [key]))
        var mailbox = mailbox(read.values[0])
        let hasLeft = mailbox.hasLeft(since: pending.message, arrival: claim.record.firstDelivery)
        let isDropped = claim.record.route == .dropped
        if owed.isEmpty || hasLeft {
            mailbox.forget(answerTo: pending.key)
            // Where the first part goes back in a delivery, the others go nowhere.
            let goesBack = claim.record.route == .delivery && claim.record.given != nil
            if !owed.isEmpty, !goesBack { claim.record.drop() }
        } else {
            mailbox.put(owed, answering: pending.key, since: clock())
        }
        var transaction = finishing(pending, claim)
        change(key, to: mailbox, from: read.values[0], in: &transaction)
        guard try await pending.store.commit(transaction).isApplied else { return false }
        if hasLeft, isDropped || !owed.isEmpty {
            observe(.erased(answers: 1), pending)
        } else if isDropped, settings.outlivesAnswers {
            observe(.dropped, pending)
        }
        tellOfRoom(in: mailbox, pending)
        return true
    }

    /// Tells of answers that had to make room.
    func tellOfRoom(in mailbox: Mailbox, _ pending: PendingAnswer) {
        if mailbox.crowdedOut > 0 { observe(.crowdedOut(answers: mailbox.crowdedOut), pending) }
    }

    /// Ends the work on an answer.
    private func settle(_ pending: PendingAnswer) {
        if pending.settle() { running.remove(pending) }
        pending.givePlace(backTo: places)
        running.end()
        if isShared { heartbeat.end() }
    }
}
