internal import OfficialAccount

/// The answers that deliveries in this process wait for and other processes may write.
///
/// Unchecked: everything is reached only with the lock held.
final class WatchedAnswers: @unchecked Sendable {
    private struct Entry {
        let pending: PendingAnswer
        /// Whether nobody waited for it when it was looked at last. A delivery begins to wait a moment after the answer is
        /// added, and pauses for a moment when its first time is over: once is no sign that it has gone.
        var wasIdle = false
    }

    private let lock = StoreLock()
    private var watched: [ObjectIdentifier: Entry] = [:]
    private var isLooking = false

    /// Adds one.
    /// - Returns: Whether nobody looks at them yet, so that the caller has to begin.
    func add(_ pending: PendingAnswer) -> Bool {
        lock.withLock {
            watched[ObjectIdentifier(pending)] = Entry(pending: pending)
            defer { isLooking = true }
            return !isLooking
        }
    }

    /// Those to look at now, and those that are done with; where there are none to look at, looking has ended.
    func next() -> (current: [PendingAnswer], past: [PendingAnswer]) {
        lock.withLock {
            var past: [PendingAnswer] = []
            for (id, entry) in watched {
                let isIdle = !entry.pending.hasWaiters
                if entry.pending.given != nil || isIdle && entry.wasIdle {
                    watched[id] = nil
                    past.append(entry.pending)
                } else {
                    watched[id]?.wasIdle = isIdle
                }
            }
            if watched.isEmpty { isLooking = false }
            return (watched.values.map(\.pending), past)
        }
    }
}

extension MessageHandling {
    /// Looks at an answer's record again and again, for as long as a delivery waits for it.
    func watch(_ pending: PendingAnswer) {
        guard watched.add(pending) else { return }
        Task {
            while true {
                try? await Task.sleep(for: .milliseconds(settings.ladder.poll))
                let (answers, past) = watched.next()
                // One that another process handles is kept for its deliveries only.
                for pending in past where pending.claim == nil { running.remove(pending) }
                guard !answers.isEmpty else { return }
                await look(at: answers)
            }
        }
    }

    /// How many records are read in one transaction.
    private static let mostRead = 256

    private func look(at answers: [PendingAnswer]) async {
        let stores = Dictionary(grouping: answers) { $0.store.isShared }
        for group in stores.values {
            var rest = group[...]
            while !rest.isEmpty {
                let some = rest.prefix(Self.mostRead)
                rest = rest.dropFirst(some.count)
                do throws(StoreError) {
                    try await look(at: some)
                } catch {
                    _ = self.stores.failed(error)
                }
            }
        }
    }

    private func look(at answers: ArraySlice<PendingAnswer>) async throws(StoreError) {
        guard let store = answers.first?.store else { return }
        let read = try await store.commit(StoreTransaction(reads: answers.map(\.key)))
        var others: [(PendingAnswer, HandlingClaim)] = []
        for (pending, value) in zip(answers, read.values) {
            guard let value, let record = HandlingRecord(value.bytes) else {
                // Lost with the store: who still handles it does not know, but somebody has to.
                if pending.claim == nil { try await claimAnew(pending) }
                continue
            }
            if let given = record.given {
                // The handler may still run here; only those who wait are served.
                pending.give(given)
                continue
            }
            pending.note(delivery: record.deliveries)
            if record.phase == .finished {
                guard pending.isLive(now: clock()) else { continue }
                pending.give(try await takeOwn(pending.key, pending.mailboxKey, in: store))
            } else if pending.claim == nil, record.owner != heartbeat.owner {
                others.append((pending, HandlingClaim(record: record, revision: value.revision)))
            }
        }
        guard store.isShared, !others.isEmpty else { return }
        let owners = Array(Set(others.map(\.1.record.owner)))
        let signs = try await store.commit(StoreTransaction(reads: owners.map(HandlingKeys.heartbeat)))
        let dead = Set(zip(owners, signs.values).filter { $0.1 == nil }.map(\.0))
        for (pending, claim) in others where dead.contains(claim.record.owner) {
            try await takeOver(pending, claim)
        }
    }
}
