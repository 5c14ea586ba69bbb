internal import OfficialAccount

/// That a user has left the account: what they asked before is answered to nobody.
struct Departure: Sendable, Equatable {
    /// When it was, in seconds since 1970, by the platform's clock, which is one for all machines.
    var time: Int64
    /// When the event came, in milliseconds since 1970.
    var arrival: Int64

    /// Whether a message was sent before.
    /// - Parameter arrival: When its first delivery came, which decides within a second of the platform's.
    func isAfter(_ message: Message, arrival: Int64) -> Bool {
        message.createTime < time || message.createTime == time && arrival <= self.arrival
    }
}

/// How what is owed to a user who leaves the account is erased.
extension MessageHandling {
    /// Erases what the sender of an event is owed who has left the account: what waits to be collected, and, in whatever
    /// process, what handlers are still at.
    ///
    /// Where the store cannot be used, it is done as soon as it can.
    nonisolated(nonsending) func eraseOwed(to event: Message, _ account: HandlingAccount, arrival: Int64) async {
        let departure = Departure(time: event.createTime, arrival: arrival)
        if let standIn = stores.inPlace { _ = try? await erase(before: departure, event, account, in: standIn) }
        do throws(StoreError) {
            guard let main = stores.toLookAt else { return eraseLater(before: departure, event, account) }
            try await erase(before: departure, event, account, in: main)
        } catch {
            _ = stores.failed(error)
            eraseLater(before: departure, event, account)
        }
    }

    /// Tries again for as long as an answer would wait to be collected.
    private func eraseLater(before departure: Departure, _ event: Message, _ account: HandlingAccount) {
        Task {
            let giveUp = self.clock() + self.answerLifetime
            while self.clock() < giveUp {
                try? await Task.sleep(for: .seconds(1))
                guard let main = self.stores.toLookAt else { continue }
                do throws(StoreError) {
                    return try await self.erase(before: departure, event, account, in: main)
                } catch {
                    _ = self.stores.failed(error)
                }
            }
        }
    }

    nonisolated(nonsending) private func erase(
        before departure: Departure, _ event: Message, _ account: HandlingAccount, in store: any Store
    ) async throws(StoreError) {
        let key = HandlingKeys.mailbox(sender: event.senderBytes, account: account.key)
        while true {
            let old = try await store.commit(StoreTransaction(reads: [key])).values[0]
            var mailbox = mailbox(old)
            // A process that has died may have done it: what is there now was asked since.
            guard let erased = mailbox.leave(departure) else { return }
            var transaction = StoreTransaction()
            let expected = erased.filter { $0.reply == nil }.map(\.message)
            if !expected.isEmpty {
                let records = try await store.commit(StoreTransaction(reads: expected))
                for (message, value) in zip(expected, records.values) {
                    guard let value, var record = HandlingRecord(value.bytes), record.phase == .running else {
                        continue
                    }
                    record.drop()
                    transaction.conditions.append(.init(message, value.revision))
                    transaction.writes.append(.init(message, record.bytes, lifetime: runningLifetime))
                }
            }
            change(key, to: mailbox, from: old, in: &transaction)
            guard try await store.commit(transaction).isApplied else { continue }
            let answers = Set(erased.filter { $0.reply != nil }.map(\.message)).count
            if answers > 0 { tell(.erased(answers: answers), account, event) }
            return
        }
    }

    /// For how long it is kept that a user has left, in milliseconds: for as long as an answer may still come to be written
    /// down.
    var departureLifetime: Int64 { max(answerLifetime, runningLifetime) }
}

extension HandlingRecord {
    /// Has the answer go nowhere, and keeps nothing of what was asked.
    mutating func drop() {
        route = .dropped
        message = nil
    }
}
