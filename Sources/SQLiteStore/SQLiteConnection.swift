internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import OfficialAccountBot

/// The open file of a store.
final class SQLiteConnection {
    /// How large the write-ahead log becomes before it goes into the file: the larger, the more often a page is changed
    /// before it is written there.
    private static let logBytes = 16 << 20
    private static let pageBytes = 4096
    /// How often expired rows are removed while there is work, in milliseconds.
    private static let purgeInterval: Int64 = 250

    private let path: String
    private let queue: DatabaseQueue
    private let statements: StoreStatements
    private let identity: FileIdentity?
    private var lastPurge: Int64 = 0
    private var writesSincePurge = 0
    private var hasWritten = true

    init(path: String, maximumBytes: Int) throws(StoreError) {
        try StorePath.prepare(path)
        self.path = path
        do {
            queue = try Self.open(path, maximumBytes: maximumBytes)
            statements = try queue.writeWithoutTransaction { try StoreStatements($0) }
        } catch let error as StoreError {
            throw error
        } catch {
            throw SQLiteFailure(error).storeError(path: path)
        }
        identity = StorePath.identity(path)
    }

    /// Whether the file at the path is still this one.
    var isInPlace: Bool { identity != nil && StorePath.identity(path) == identity }

    private static func open(_ path: String, maximumBytes: Int) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .callback(BusyWaiting.wait)
        configuration.prepareDatabase { database in
            try StoreSchema.prepare(
                database, path: path, pageBytes: pageBytes, maximumPages: maximumBytes / pageBytes,
                logPages: logBytes / pageBytes)
        }
        // Of several processes that make the file at the same moment, SQLite turns some away without waiting.
        for _ in 0..<100 {
            do {
                return try DatabaseQueue(path: path, configuration: configuration)
            } catch let error as DatabaseError where SQLiteFailure(error).isBusy {
                usleep(20_000)
            }
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    // MARK: Transactions

    func commit(_ transactions: [StoreTransaction]) throws(SQLiteFailure) -> [StoreOutcome] {
        do throws(SQLiteFailure) {
            return try commitOnce(transactions)
        } catch {
            // What has expired may make room.
            guard error.isFull, try purgeAll() > 0 else { throw error }
            return try commitOnce(transactions)
        }
    }

    private func commitOnce(_ transactions: [StoreTransaction]) throws(SQLiteFailure) -> [StoreOutcome] {
        let count = transactions.reduce(0) { $0 + $1.writes.count }
        return try access { () throws(SQLiteFailure) in
            try inTransaction(writes: count > 0) { () throws(SQLiteFailure) in
                let now = StoreClock.wall()
                var revision = try statements.revision()
                let before = revision
                var outcomes: [StoreOutcome] = []
                outcomes.reserveCapacity(transactions.count)
                for transaction in transactions {
                    outcomes.append(try statements.commit(transaction, at: now, after: &revision))
                }
                if revision != before {
                    try statements.setRevision(revision)
                    try purgeIfDue(at: now, adding: count)
                    hasWritten = true
                }
                return outcomes
            }
        }
    }

    /// Removes what has expired, and moves the log into the file.
    func tidy() throws(SQLiteFailure) -> Int64 {
        try access { () throws(SQLiteFailure) in
            let now = StoreClock.wall()
            var removed = 0
            if try statements.hasExpired(at: now) {
                removed = try inTransaction(writes: true) { () throws(SQLiteFailure) in
                    try statements.purge(at: now, atMost: 1000)
                }
                hasWritten = true
            }
            lastPurge = now
            if removed == 1000 { return 10 }
            if hasWritten {
                hasWritten = false
                // As far as it goes without waiting for others.
                sqlite3_wal_checkpoint_v2(statements.connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                return 1000
            }
            return 10_000
        }
    }

    private func purgeAll() throws(SQLiteFailure) -> Int {
        try access { () throws(SQLiteFailure) in
            try inTransaction(writes: true) { () throws(SQLiteFailure) in
                try statements.purge(at: StoreClock.wall(), atMost: .max)
            }
        }
    }

    private func purgeIfDue(at now: Int64, adding writes: Int) throws(SQLiteFailure) {
        writesSincePurge += writes
        // A clock that was set back would stop it for as long.
        guard now - lastPurge >= Self.purgeInterval || now < lastPurge else { return }
        // More than came since the last time, so that what has expired never piles up.
        _ = try statements.purge(at: now, atMost: 100 + 2 * writesSincePurge)
        lastPurge = now
        writesSincePurge = 0
    }

    private func access<Value>(_ body: () throws(SQLiteFailure) -> Value) throws(SQLiteFailure) -> Value {
        let result = queue.writeWithoutTransaction { _ -> Result<Value, SQLiteFailure> in
            do throws(SQLiteFailure) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func inTransaction<Value>(
        writes: Bool, _ body: () throws(SQLiteFailure) -> Value
    ) throws(SQLiteFailure) -> Value {
        try (writes ? statements.beginWriting : statements.beginReading).run()
        do throws(SQLiteFailure) {
            let value = try body()
            try statements.end.run()
            return value
        } catch {
            // After some errors SQLite has done it by itself.
            if sqlite3_get_autocommit(statements.connection) == 0 { try? statements.undo.run() }
            throw error
        }
    }
}

/// What a process does while another one writes.
private enum BusyWaiting {
    /// Waits a little, and longer each time: a group of transactions takes a fraction of a millisecond.
    /// - Parameter tries: How often it has waited already.
    /// - Returns: `false` where it is enough, after about two seconds.
    @Sendable static func wait(tries: Int) -> Bool {
        guard tries < 700 else { return false }
        // Not all for the same time, so that they do not meet again.
        usleep(UInt32.random(in: 50...150) << UInt32(min(tries / 4, 5)))
        return true
    }
}
