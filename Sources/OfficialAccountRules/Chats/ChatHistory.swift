internal import OfficialAccountBot

/// What a chat keeps of its users, in the store that all processes of the account share.
struct ChatHistory: Sendable {
    /// A question that has been let in.
    struct Opening: Sendable {
        /// The record as it was written.
        var record: ChatRecord
        var revision: UInt64
        /// What was said before.
        var turns: [ChatTurn] { record.turns }
    }

    /// How often a change is tried that others come before.
    private static let mostAttempts = 32

    let sessions: Sessions
    let settings: ChatSettings
    /// In milliseconds since 1970.
    let now: @Sendable () -> Int64

    /// Begins a question: counts it, and reads what was said before.
    ///
    /// The record is there from now on, so that whether it is still the same tells whether the user has left meanwhile.
    /// - Parameters:
    ///   - openID: The user's OpenID.
    ///   - message: The number of the message.
    /// - Returns: `nil` where the user asks too often.
    nonisolated(nonsending) func begin(_ openID: String, message: UInt64) async throws(StoreError) -> Opening? {
        let key = key(openID)
        for _ in 0..<Self.mostAttempts {
            let value = try await read(key)
            var record = value.flatMap { ChatRecord($0.bytes) } ?? ChatRecord()
            let time = now()
            record.trim(to: settings.history, now: time)
            guard record.admit(settings.rate, now: time) else { return nil }
            if let revision = try await write(record, key, replacing: value?.revision ?? 0) {
                // One that was answered before its process died is asked once more.
                record.forget(message: message)
                return Opening(record: record, revision: revision)
            }
        }
        throw Self.contended
    }

    /// Adds an answer to what its question was asked in. Where the user has left or started afresh since, it is not kept.
    nonisolated(nonsending) func end(_ turn: ChatTurn, _ openID: String, _ opening: Opening) async throws(StoreError) {
        guard settings.history.turns > 0 else { return }
        let key = key(openID)
        var (record, revision) = (opening.record, opening.revision)
        for _ in 0..<Self.mostAttempts {
            record.add(turn, within: settings.history, now: now())
            if try await write(record, key, replacing: revision) != nil { return }
            guard let value = try await read(key), let other = ChatRecord(value.bytes),
                other.epoch == opening.record.epoch
            else { return }
            (record, revision) = (other, value.revision)
        }
        throw Self.contended
    }

    /// Lets a user start afresh; how often they have asked is kept.
    nonisolated(nonsending) func reset(_ openID: String) async throws(StoreError) {
        let key = key(openID)
        for _ in 0..<Self.mostAttempts {
            guard let value = try await read(key) else { return }
            var fresh = ChatRecord()
            if let record = ChatRecord(value.bytes) {
                (fresh.periodStart, fresh.asked) = (record.periodStart, record.asked)
            }
            if try await write(fresh, key, replacing: value.revision) != nil { return }
        }
        throw Self.contended
    }

    /// Erases all that is kept of a user.
    nonisolated(nonsending) func erase(_ openID: String) async throws(StoreError) {
        _ = try await sessions.store.commit(StoreTransaction(writes: [.init(key(openID), nil, lifetime: 0)]))
    }

    private static let contended = StoreError("a user's chat changes too fast; it is not changed")

    nonisolated(nonsending) private func read(_ key: StoreKey) async throws(StoreError) -> StoreValue? {
        try await sessions.store.commit(StoreTransaction(reads: [key])).values[0]
    }

    /// - Returns: The revision; `nil` where somebody else has changed the record.
    nonisolated(nonsending) private func write(
        _ record: ChatRecord, _ key: StoreKey, replacing revision: UInt64
    ) async throws(StoreError) -> UInt64? {
        let outcome = try await sessions.store.commit(
            StoreTransaction(
                conditions: [.init(key, revision)], writes: [.init(key, record.bytes, lifetime: lifetime(of: record))]))
        return outcome.isApplied ? outcome.revision : nil
    }

    /// In milliseconds; long enough that a record does not end while an answer to be added is made.
    private func lifetime(of record: ChatRecord) -> Int64 {
        let history = settings.history.turns > 0 ? settings.history.age : 0
        let seconds = max(history, settings.rate?.period ?? 0) + 2 * settings.timeouts.whole + 60
        return Int64(seconds * 1000)
    }

    /// A name may hold any character but a control character, so that zero ends it.
    private func key(_ openID: String) -> StoreKey {
        var bytes = [UInt8(ascii: "c")]
        for part in [sessions.account, settings.name] {
            bytes.append(contentsOf: part.utf8)
            bytes.append(0)
        }
        bytes.append(contentsOf: openID.utf8)
        return StoreKey(bytes)
    }
}
