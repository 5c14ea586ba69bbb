internal import OfficialAccount

/// How an answer that is owed by customer service comes although the process that was at it has died.
///
/// The platform delivers such a message no more, and its sender has no reason to write again: others have to look.
extension MessageHandling {
    /// Sees to what processes owe by customer service that have died, until its task is cancelled.
    ///
    /// It does nothing where the store is this process's own.
    /// - Parameter accounts: The accounts that this process can answer for, now; of two with one key the first counts.
    public func inherit(for accounts: @Sendable () -> [HandlingAccount]) async {
        guard isShared, settings.outlivesAnswers else { return }
        var search = Inheritance()
        while (try? await Task.sleep(for: .milliseconds(Heartbeat.lifetime))) != nil {
            search.accounts = Dictionary(accounts().filter { $0.platform != nil }.map { ($0.key, $0) }) { first, _ in
                first
            }
            guard !search.accounts.isEmpty, let store = stores.toLookAt else { continue }
            do throws(StoreError) {
                try await look(for: &search, in: store)
                stores.worked(store)
            } catch {
                _ = stores.failed(error)
            }
        }
    }

    /// What is known from one look to the next.
    private struct Inheritance {
        var accounts: [String: HandlingAccount] = [:]
        /// Who showed no sign of life at the look before: an outage that is over may have kept a sign away for a moment.
        var silent: Set<UInt64> = []
        /// Messages that this process may have claimed: the store failed before it had said so.
        var unsure: Set<StoreKey> = []
        /// How many messages this look may still take over. Others look, too, and deliveries want room.
        var room = 0
    }

    /// How many keys are read in one transaction, and how many messages are taken over at one look.
    private static let mostAtOnce = 256

    private func look(for search: inout Inheritance, in store: any Store) async throws(StoreError) {
        let read = try await store.commit(StoreTransaction(reads: [HandlingKeys.debtors]))
        let debtors = Debtors(read.values[0]?.bytes ?? []).all.filter { $0.owner != heartbeat.owner }
            .prefix(Self.mostAtOnce)
        guard !debtors.isEmpty else { return search.silent = [] }
        let signs = try await store.commit(
            StoreTransaction(reads: debtors.map { HandlingKeys.heartbeat(owner: $0.owner) }))
        let silent = zip(debtors, signs.values).filter { $0.1 == nil }.map(\.0)
        let dead = silent.filter { search.silent.contains($0.owner) }
        search.silent = Set(silent.map(\.owner))
        search.room = Self.mostAtOnce
        for debtor in dead where try await inherit(from: debtor, &search, in: store) {
            try await forget(debtor, in: store)
        }
    }

    /// Takes a process off that owes nothing any more, unless it lives after all, or somebody has changed something in
    /// between: then the next look does.
    private func forget(_ debtor: Debtors.Debtor, in store: any Store) async throws(StoreError) {
        let read = try await store.commit(StoreTransaction(reads: [HandlingKeys.debtors]))
        guard let value = read.values[0] else { return }
        var debtors = Debtors(value.bytes)
        debtors.remove(debtor.owner)
        _ = try await store.commit(
            StoreTransaction(
                conditions: [
                    .init(HandlingKeys.debtors, value.revision), .init(HandlingKeys.heartbeat(owner: debtor.owner), 0),
                ],
                writes: [
                    .init(HandlingKeys.debtors, debtors.bytes, lifetime: Debtors.lifetime(debts: runningLifetime))
                ]))
    }

    /// Takes over what one of the dead owes.
    /// - Returns: Whether nothing is left there for anybody.
    private func inherit(from debtor: Debtors.Debtor, _ search: inout Inheritance, in store: any Store)
        async throws(StoreError) -> Bool
    {
        var isSettled = true
        for first in stride(from: 0, to: debtor.places, by: Self.mostAtOnce) {
            let places = first..<min(first + Self.mostAtOnce, debtor.places)
            let debts = try await store.commit(
                StoreTransaction(reads: places.map { HandlingKeys.debt(of: debtor.owner, place: $0) }))
            let keys = debts.values.compactMap { $0.map { StoreKey($0.bytes) } }
            guard !keys.isEmpty else { continue }
            let records = try await store.commit(StoreTransaction(reads: keys))
            for (key, value) in zip(keys, records.values) {
                guard let value, let record = HandlingRecord(value.bytes), record.isOwedByCustomerService,
                    record.owner == debtor.owner || record.owner == heartbeat.owner && search.unsure.contains(key)
                else { continue }
                let known = HandlingClaim(record: record, revision: value.revision)
                if try await !inherit(key, known, &search, in: store) { isSettled = false }
            }
        }
        return isSettled
    }

    /// - Returns: Whether nothing is left to do for others.
    private func inherit(
        _ key: StoreKey, _ known: HandlingClaim, _ search: inout Inheritance, in store: any Store
    ) async throws(StoreError) -> Bool {
        guard let body = known.record.message, let message = try? Message(parsing: body) else { return true }
        // Another process may know the account, or have room.
        guard !Task.isCancelled, search.room > 0, running.count < settings.mostRunning / 2,
            let account = search.accounts[HandlingKeys.account(ofMessage: key)], running[key]?.claim == nil
        else { return false }
        let pending = PendingAnswer(
            key: key, message: message, account: account, store: store, claim: nil,
            delivery: known.record.deliveries, liveUntil: 0)
        search.unsure.insert(key)
        try await takeOver(pending, known)
        search.unsure.remove(key)
        search.room -= 1
        return pending.claim != nil
    }

    /// Adds to a transaction that this process owes the answer to a message by customer service.
    nonisolated(nonsending) func owe(_ pending: PendingAnswer, in transaction: inout StoreTransaction)
        async throws(StoreError)
    {
        guard pending.store.isShared else { return }
        let read = try await pending.store.commit(StoreTransaction(reads: [HandlingKeys.debtors]))
        let place = pending.place(in: places)
        var debtors = Debtors(read.values[0]?.bytes ?? [])
        let isNew = debtors.note(heartbeat.owner, place: place, at: clock(), lifetime: runningLifetime)
        // Whoever takes this process off, changes them.
        transaction.conditions.append(.init(HandlingKeys.debtors, read.values[0]?.revision ?? 0))
        if isNew {
            transaction.writes.append(
                .init(HandlingKeys.debtors, debtors.bytes, lifetime: Debtors.lifetime(debts: runningLifetime)))
        }
        transaction.writes.append(
            .init(
                HandlingKeys.debt(of: heartbeat.owner, place: place), pending.key.bytes, lifetime: runningLifetime))
    }

    /// Adds to a transaction that the answer to a message is owed no more.
    func owe(noMore pending: PendingAnswer, in transaction: inout StoreTransaction) {
        guard let place = pending.place else { return }
        transaction.writes.append(.init(HandlingKeys.debt(of: heartbeat.owner, place: place), nil, lifetime: 0))
    }
}

extension HandlingRecord {
    /// Whether the sender is owed an answer by customer service.
    var isOwedByCustomerService: Bool { phase == .running && route == .customerService }
}
