internal import OfficialAccount

/// How an answer goes out by the customer-service interface.
extension MessageHandling {
    /// Whose an answer is to send.
    enum Standing {
        /// This process's, as far as the store can say.
        case claimed
        /// Somebody has changed something.
        case changed
        /// Nobody's: its user has left the account.
        case left
    }

    nonisolated(nonsending) func standing(of pending: PendingAnswer, _ record: HandlingRecord) async -> Standing {
        let read = try? await pending.store.commit(StoreTransaction(reads: [pending.key, pending.mailboxKey]))
        guard let read else { return .claimed }
        if mailbox(read.values[1]).hasLeft(since: pending.message, arrival: record.firstDelivery) { return .left }
        guard let found = read.values[0].flatMap({ HandlingRecord($0.bytes) }) else { return .claimed }
        return found.isClaim(record) && found.route != .dropped ? .claimed : .changed
    }

    /// Sends an answer by the customer-service interface.
    /// - Returns: What the platform did not take, in the parts in which it is collected.
    nonisolated(nonsending) func send(_ reply: Reply, of pending: PendingAnswer) async -> [Reply] {
        guard let platform = pending.account.platform, reply != .none else { return [] }
        // Without a notice below each part: the next one comes by itself.
        let account = pending.account
        let parts = reply.parts(notice: "", most: account.mostParts)
        for (index, part) in parts.enumerated() {
            do throws(PlatformError) {
                try await platform.send(part, to: pending.message.fromUserName)
            } catch {
                observe(.sendingFailed(error), pending)
                return reply.parts(from: index, most: account.mostParts, notice: account.late.continuation)
            }
        }
        observe(.sentLater, pending)
        return []
    }
}
