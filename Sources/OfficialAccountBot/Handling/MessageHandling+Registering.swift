internal import OfficialAccount

/// How a delivery finds out whether its message is new, being handled, or answered.
extension MessageHandling {
    enum Registration {
        /// The message is new, and this process's to handle. What its sender is owed comes with it.
        case claimed(PendingAnswer, owed: StoreValue?)
        /// It is being handled; this is which delivery of it.
        case joined(PendingAnswer, delivery: Int, first: Int64)
        /// It has been answered.
        case known(Reply)
    }

    nonisolated(nonsending) func register(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, _ mailboxKey: StoreKey, in store: any Store,
        at arrival: Int64
    ) async throws(StoreError) -> Registration {
        var revision: UInt64 = 0
        while true {
            let record = HandlingRecord(owner: heartbeat.owner, firstDelivery: arrival)
            let sign = store.isShared ? heartbeat.sign() : nil
            var transaction = StoreTransaction(
                conditions: [.init(key, revision)], writes: [.init(key, record.bytes, lifetime: runningLifetime)],
                reads: message.event == nil ? [key, mailboxKey] : [key])
            if let sign { transaction.writes.append(sign.write) }
            let outcome = try await store.commit(transaction)
            if outcome.isApplied {
                if let sign { heartbeat.signed(at: sign.time) }
                let pending = PendingAnswer(
                    key: key, message: message, account: account, store: store,
                    claim: HandlingClaim(record: record, revision: outcome.revision), delivery: 1,
                    liveUntil: arrival + settings.ladder.answer)
                return .claimed(pending, owed: outcome.values.count > 1 ? outcome.values[1] : nil)
            }
            guard let value = outcome.values[0] else {
                // It has left in between.
                revision = 0
                continue
            }
            if value.bytes.isEmpty {
                // Reserved by a handler that is about to answer, or to be registered.
                try? await Task.sleep(for: .milliseconds(1))
                continue
            }
            guard let record = HandlingRecord(value.bytes) else {
                // Written by a version that is not understood: better handled twice than not at all.
                revision = value.revision
                continue
            }
            let known = HandlingClaim(record: record, revision: value.revision)
            if let registration = try await join(known, message, account, key, mailboxKey, store, arrival) {
                return registration
            }
        }
    }

    /// Joins a message that is known.
    /// - Returns: `nil` where it has changed in between.
    nonisolated(nonsending) private func join(
        _ known: HandlingClaim, _ message: Message, _ account: HandlingAccount, _ key: StoreKey,
        _ mailboxKey: StoreKey, _ store: any Store, _ arrival: Int64
    ) async throws(StoreError) -> Registration? {
        var record = known.record
        func pending() -> PendingAnswer {
            PendingAnswer(
                key: key, message: message, account: account, store: store, claim: nil, delivery: record.deliveries,
                liveUntil: arrival + settings.ladder.answer)
        }
        if let given = record.given {
            observe(.repeated, pending())
            return .known(given)
        }
        if record.phase == .finished {
            let reply = try await takeOwn(key, mailboxKey, in: store)
            observe(.repeated, pending())
            return .known(reply)
        }
        record.deliveries += 1
        // Nobody delivers a message so often in earnest, and many at once would have to write one after the other.
        if record.deliveries <= Self.mostCounted {
            let outcome = try await store.commit(
                StoreTransaction(
                    conditions: [.init(key, known.revision)],
                    writes: [.init(key, record.bytes, lifetime: runningLifetime)]))
            guard outcome.isApplied else { return nil }
        }
        let new = pending()
        let joined = running.add(new)
        joined.note(delivery: record.deliveries, liveUntil: arrival + settings.ladder.answer)
        if joined === new || store.isShared { watch(joined) }
        observe(.joined(delivery: record.deliveries), joined)
        return .joined(joined, delivery: record.deliveries, first: record.firstDelivery)
    }

    /// Up to which number the deliveries of a message are counted.
    private static let mostCounted = 16

    /// For how long a record of a message that is being handled is kept, in milliseconds.
    var runningLifetime: Int64 { keptLifetime + Int64(settings.handlerTimeout * 1000) }
    /// For how long a record of a message that has been answered is kept, in milliseconds.
    var keptLifetime: Int64 { Int64(settings.keepHandled * 1000) }
    /// For how long an answer waits to be collected, in milliseconds.
    var answerLifetime: Int64 { Int64(settings.keepAnswers * 1000) }

    /// The answer to a message that came when no delivery of it waited: it is in the sender's mailbox, unless it has
    /// been collected already.
    nonisolated(nonsending) func takeOwn(_ key: StoreKey, _ mailboxKey: StoreKey, in store: any Store)
        async throws(StoreError) -> Reply
    {
        while true {
            let read = try await store.commit(StoreTransaction(reads: [key, mailboxKey]))
            guard let value = read.values[0], var record = HandlingRecord(value.bytes) else { return .none }
            if let given = record.given { return given }
            var mailbox = mailbox(read.values[1])
            let reply = mailbox.take(answerTo: key) ?? .none
            record.given = reply
            record.message = nil
            var transaction = StoreTransaction(
                conditions: [.init(key, value.revision)],
                writes: [.init(key, record.bytes, lifetime: keptLifetime)])
            change(mailboxKey, to: mailbox, from: read.values[1], in: &transaction)
            if try await store.commit(transaction).isApplied { return reply }
        }
    }

    /// Reads a mailbox, without what has been owed for too long.
    func mailbox(_ value: StoreValue?) -> Mailbox {
        guard let value else { return Mailbox() }
        var mailbox = Mailbox(value.bytes)
        let now = clock()
        mailbox.expire(
            before: now - answerLifetime, expectedBefore: now - runningLifetime, leftBefore: now - departureLifetime)
        return mailbox
    }

    /// Adds the change of a mailbox to a transaction.
    func change(_ key: StoreKey, to mailbox: Mailbox, from old: StoreValue?, in transaction: inout StoreTransaction) {
        let bytes = mailbox.bytes
        guard bytes != old?.bytes else { return }
        transaction.conditions.append(.init(key, old?.revision ?? 0))
        if !mailbox.isEmpty { owes.note(until: clock() + answerLifetime) }
        let lifetime = mailbox.departure == nil ? answerLifetime : departureLifetime
        if bytes != nil || old != nil { transaction.writes.append(.init(key, bytes, lifetime: lifetime)) }
    }
}
