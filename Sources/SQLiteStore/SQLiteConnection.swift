internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import OfficialAccountBot

/// The open file of a store. One thread at a time uses it, so that GRDB's queue, which would see to that, is passed by.
final class SQLiteConnection {
    /// How large the write-ahead log becomes before it goes into the file: the larger, the more often a page is changed
    /// before it is written there.
    private static let logBytes = 16 << 20
    private static let pageBytes = 4096
    /// How often expired rows are removed while there is work, in milliseconds.
    private static let purgeInterval: Int64 = 250
    /// How many revisions are reserved at a time.
    private static let reservedAtOnce = 1000
    /// How many rows are looked at in a quiet moment before others get their turn.
    private static let purgedAtOnce = 1000
    /// How long it is quiet, in milliseconds, between one look at all rows and the next.
    private static let rest: Int64 = 60_000

    private let path: String
    /// Owns the connection.
    private let queue: DatabaseQueue
    private let statements: StoreStatements
    private let identity: FileIdentity?
    private var lastPurge: Int64 = 0
    private var writesSincePurge = 0
    /// The last revision that was given, the last that may be, and what the file's version was then.
    private var reserved: (last: Int64, end: Int64, version: Int64)?
    /// Where the look at all rows goes on, and when it begins.
    private var position: [UInt8] = []
    private var restUntil = StoreClock.monotonic() + 1000
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
        // GRDB's, with which it tells observers, of whom there are none.
        sqlite3_commit_hook(statements.connection, nil, nil)
        sqlite3_rollback_hook(statements.connection, nil, nil)
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
        return try inTransaction(writes: count > 0) { () throws(SQLiteFailure) in
            let now = StoreClock.wall()
            var revision = count > 0 ? try lastRevision(before: transactions.count) : 0
            let before = revision
            var outcomes: [StoreOutcome] = []
            outcomes.reserveCapacity(transactions.count)
            for transaction in transactions {
                outcomes.append(try statements.commit(transaction, at: now, after: &revision))
            }
            if revision != before {
                reserved?.last = revision
                try purgeIfDue(at: now, adding: count)
                hasWritten = true
            }
            return outcomes
        }
    }

    /// The last revision that was given.
    ///
    /// They are reserved many at a time, so that the page with their number is not written each time. Whoever finds that
    /// another process has written since reserves anew, above what that one has: so later ones are higher all the same.
    private func lastRevision(before count: Int) throws(SQLiteFailure) -> Int64 {
        let version = try statements.version()
        if let reserved, reserved.version == version, reserved.end - reserved.last >= count { return reserved.last }
        let last = try statements.revision()
        let end = last + Int64(max(count, Self.reservedAtOnce))
        try statements.setRevision(end)
        reserved = (last, end, version)
        return last
    }

    // MARK: Tidying up

    /// Removes what has expired, and moves the log into the file.
    /// - Returns: In how many milliseconds to do so again.
    func tidy() throws(SQLiteFailure) -> Int64 {
        let now = StoreClock.monotonic()
        if now >= restUntil {
            let (next, removed) = try statements.purge(
                from: position, atMost: Self.purgedAtOnce, at: StoreClock.wall())
            position = next ?? []
            if removed > 0 { hasWritten = true }
            guard next == nil else { return 10 }
            restUntil = now + Self.rest
        }
        if hasWritten {
            hasWritten = false
            // As far as it goes without waiting for others.
            sqlite3_wal_checkpoint_v2(statements.connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
            return 1000
        }
        return 10_000
    }

    private func purgeAll() throws(SQLiteFailure) -> Int {
        try inTransaction(writes: true) { () throws(SQLiteFailure) in
            try statements.purge(from: [], atMost: Int(Int32.max), at: StoreClock.wall()).removed
        }
    }

    /// Looks at some rows now and then, and removes those that have expired. All processes go on where the last one left
    /// off, as one that answers a single request would never get far.
    private func purgeIfDue(at now: Int64, adding writes: Int) throws(SQLiteFailure) {
        writesSincePurge += writes
        // A clock that was set back would stop it for as long.
        guard now - lastPurge >= Self.purgeInterval || now < lastPurge else { return }
        // More than came since the last time, so that what has expired never piles up.
        let (next, _) = try statements.purge(
            from: try statements.purgePosition(), atMost: 100 + 2 * writesSincePurge, at: now)
        try statements.setPurgePosition(next ?? [])
        lastPurge = now
        writesSincePurge = 0
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
            reserved = nil
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
