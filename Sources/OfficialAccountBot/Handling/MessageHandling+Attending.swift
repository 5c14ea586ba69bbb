internal import OfficialAccount

/// How long a delivery waits, and what it gets when its time is over.
extension MessageHandling {
    /// Waits for the answer to a delivery.
    nonisolated(nonsending) func attend(_ pending: PendingAnswer, delivery: Int, arrival: Int64, first: Int64) async
        -> Verdict
    {
        if let given = pending.given { return .reply(given) }
        let word = lastWord(for: pending, delivery: delivery, arrival: arrival, first: first)
        let end = word ?? arrival + settings.ladder.answer
        // A later delivery does not end this wait: deliveries overtake one another, and this may be the one that the platform
        // waits for.
        if case .given(let reply) = await pending.wait(
            delivery: delivery, milliseconds: end - clock(), yields: false)
        {
            return .reply(reply)
        }
        if word != nil { return .reply(await sayLater(pending)) }
        // Nothing is said: the platform would take it for the answer. It gives up by itself and delivers again.
        let hold = arrival + settings.ladder.hold - clock()
        switch await pending.wait(delivery: delivery, milliseconds: hold, yields: true) {
        case .given(let reply): return .reply(reply)
        case .superseded, .timedOut: return await leave(pending, first: first)
        }
    }

    /// When the last word goes out in a delivery; `nil` where it is held for the next one.
    private func lastWord(for pending: PendingAnswer, delivery: Int, arrival: Int64, first: Int64) -> Int64? {
        let ladder = settings.ladder
        let answer = arrival + ladder.answer
        // Without a next delivery that can find this one, holding gains nothing.
        let holds = settings.outlivesAnswers ? pending.mode == .collect : pending.store.isShared
        guard holds else { return answer }
        let last = first + ladder.last
        if arrival < last, last <= answer { return last }
        return delivery >= ladder.deliveries || last <= arrival ? answer : nil
    }

    /// Ends a delivery without an answer.
    ///
    /// A process that ends with its answer takes the handler with it, so that it stays until nobody asks any more.
    nonisolated(nonsending) private func leave(_ pending: PendingAnswer, first: Int64) async -> Verdict {
        guard !settings.outlivesAnswers, pending.claim != nil else { return .unanswered }
        let end = first + settings.ladder.last + settings.ladder.poll
        while pending.given == nil, !pending.isSettled, clock() < end {
            try? await Task.sleep(for: .milliseconds(settings.ladder.poll / 2 + 1))
        }
        return .unanswered
    }

    /// Answers a delivery before the handler has, and decides where its answer goes when it comes.
    nonisolated(nonsending) private func sayLater(_ pending: PendingAnswer) async -> Reply {
        do throws(StoreError) {
            return try await decideRoute(of: pending)
        } catch {
            _ = stores.failed(error)
            var record = HandlingRecord(owner: heartbeat.owner, firstDelivery: clock())
            route(pending, &record)
            let reply = record.given ?? .none
            if var claim = pending.claim {
                claim.record.route = record.route
                claim.record.given = reply
                pending.claim = claim
            }
            pending.give(reply)
            decideAgain(pending)
            return reply
        }
    }

    /// Writes down what was decided while the store could not be used, so that it outlives this process.
    private func decideAgain(_ pending: PendingAnswer) {
        guard pending.store.isShared, pending.claim != nil, settings.outlivesAnswers else { return }
        Task {
            while !pending.isSettled {
                try? await Task.sleep(for: .seconds(1))
                guard !pending.isSettled else { return }
                do throws(StoreError) {
                    _ = try await decideRoute(of: pending)
                    return
                } catch {
                    _ = stores.failed(error)
                }
            }
        }
    }

    /// Whether this process owes the answer to a message by customer service.
    private func isOwedHere(_ pending: PendingAnswer, _ record: HandlingRecord) -> Bool {
        record.isOwedByCustomerService && record.owner == heartbeat.owner && pending.claim != nil
    }

    nonisolated(nonsending) private func decideRoute(of pending: PendingAnswer) async throws(StoreError) -> Reply {
        let store = pending.store
        while true {
            let read = try await store.commit(StoreTransaction(reads: [pending.key, pending.mailboxKey]))
            // A store that was started anew has lost the record: then what this process last wrote counts.
            let found = read.values[0].flatMap { value in
                HandlingRecord(value.bytes).map { HandlingClaim(record: $0, revision: value.revision) }
            }
            let revision = read.values[0]?.revision ?? 0
            guard var claim = found ?? pending.claim.map({ HandlingClaim(record: $0.record, revision: revision) })
            else {
                var record = HandlingRecord(owner: heartbeat.owner, firstDelivery: clock())
                route(pending, &record)
                return record.given ?? .none
            }
            if let given = claim.record.given {
                // Decided where another delivery came, which is not where the answer is owed.
                if isOwedHere(pending, claim.record), pending.place == nil {
                    var transaction = StoreTransaction(
                        conditions: [.init(pending.key, claim.revision)],
                        writes: [.init(pending.key, claim.record.bytes, lifetime: runningLifetime)])
                    try await owe(pending, in: &transaction)
                    guard try await store.commit(transaction).isApplied else { continue }
                }
                pending.give(given)
                return given
            }
            // A delivery has been told already that the answer comes later.
            if claim.record.phase == .finished, let given = pending.given { return given }
            if claim.record.phase == .finished {
                let reply = try await takeOwn(pending.key, pending.mailboxKey, in: store)
                pending.give(reply)
                return reply
            }
            var mailbox = mailbox(read.values[1])
            route(pending, &claim.record)
            if settings.outlivesAnswers,
                mailbox.hasLeft(since: pending.message, arrival: claim.record.firstDelivery)
            {
                claim.record.drop()
                claim.record.given = Reply.none
            }
            if let given = pending.given {
                claim.record.given = given
            } else if claim.record.route == .mailbox, pending.message.event == nil, let owed = mailbox.takeReady() {
                // Something that was asked before goes out in place of a notice.
                claim.record.given = owed
            }
            if claim.record.expectsAnswer { mailbox.expect(answerTo: pending.key, since: clock()) }
            var transaction = StoreTransaction(
                conditions: [.init(pending.key, claim.revision)],
                writes: [.init(pending.key, claim.record.bytes, lifetime: runningLifetime)])
            change(pending.mailboxKey, to: mailbox, from: read.values[1], in: &transaction)
            if isOwedHere(pending, claim.record) { try await owe(pending, in: &transaction) }
            guard try await store.commit(transaction).isApplied else {
                // Its answer has come in between, and nobody else gives the place back.
                if pending.isSettled { pending.givePlace(backTo: places) }
                continue
            }
            let reply = claim.record.given ?? .none
            pending.give(reply)
            if claim.record.route != .dropped { observe(.deferred, pending) }
            tellOfRoom(in: mailbox, pending)
            if claim.record.route == .customerService { showTyping(for: pending) }
            return reply
        }
    }

    /// Writes into a record what a delivery gets whose time is over, and where the answer goes.
    func route(_ pending: PendingAnswer, _ record: inout HandlingRecord) {
        let late = pending.account.late
        guard settings.outlivesAnswers else {
            record.phase = .finished
            record.route = .dropped
            record.given = late.apologyReply
            return
        }
        switch pending.mode {
        case .collect:
            record.route = .mailbox
            record.given = .text(late.notice)
        case .customerService:
            record.route = .customerService
            record.given = Reply.none
        case .off:
            record.route = .dropped
            record.given = Reply.none
        }
        // What it waits for is owed for another message, and is not owed twice.
        if record.isCollecting { record.phase = .finished }
        // Whoever takes the message over then gets no delivery of it.
        if record.expectsAnswer, pending.store.isShared { record.message = pending.message.xml() }
    }

    /// Shows 「正在输入」 until the answer has been sent.
    private func showTyping(for pending: PendingAnswer) {
        guard pending.account.late.showsTyping, let platform = pending.account.platform, pending.claim != nil else {
            return
        }
        Task {
            // The platform hides it after some seconds.
            while !pending.isSettled {
                do throws(PlatformError) {
                    try await platform.setTyping(true, to: pending.message.fromUserName)
                } catch {
                    return
                }
                try? await Task.sleep(for: .seconds(8))
            }
        }
    }
}

extension HandlingRecord {
    /// Whether the sender is still owed an answer.
    fileprivate var expectsAnswer: Bool {
        phase == .running && (route == .mailbox || route == .customerService)
    }
}

extension PendingAnswer {
    /// Where the account's late answers go. Without calls to the platform nothing can be sent.
    var mode: LateAnswers.Mode {
        account.late.mode == .customerService && account.platform == nil ? .collect : account.late.mode
    }
}
