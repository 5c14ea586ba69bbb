internal import GRDB
internal import GRDBSQLite
internal import OfficialAccountBot

/// The statements of a connection, and what a transaction is in them.
struct StoreStatements {
    let connection: OpaquePointer
    let beginWriting: PreparedStatement
    let beginReading: PreparedStatement
    let end: PreparedStatement
    let undo: PreparedStatement
    private let getVersion: PreparedStatement
    private let getRevision: PreparedStatement
    private let putRevision: PreparedStatement
    private let getPosition: PreparedStatement
    private let putPosition: PreparedStatement
    private let find: PreparedStatement
    private let insert: PreparedStatement
    private let update: PreparedStatement
    private let put: PreparedStatement
    private let delete: PreparedStatement
    private let findNext: PreparedStatement
    private let deleteExpired: PreparedStatement
    private let deleteLastExpired: PreparedStatement

    init(_ database: Database) throws {
        guard let connection = database.sqliteConnection else { throw SQLiteFailure(code: SQLITE_MISUSE) }
        self.connection = connection
        beginWriting = try PreparedStatement("BEGIN IMMEDIATE", database)
        beginReading = try PreparedStatement("BEGIN", database)
        end = try PreparedStatement("COMMIT", database)
        undo = try PreparedStatement("ROLLBACK", database)
        getVersion = try PreparedStatement("PRAGMA data_version", database)
        getRevision = try PreparedStatement("SELECT revision FROM counter WHERE id = 1", database)
        putRevision = try PreparedStatement("UPDATE counter SET revision = ?1 WHERE id = 1", database)
        getPosition = try PreparedStatement("SELECT purged FROM counter WHERE id = 1", database)
        putPosition = try PreparedStatement("UPDATE counter SET purged = ?1 WHERE id = 1", database)
        find = try PreparedStatement("SELECT revision, value FROM entry WHERE key = ?1 AND expiry > ?2", database)
        insert = try PreparedStatement(
            "INSERT INTO entry (key, revision, expiry, value) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", database)
        update = try PreparedStatement(
            "UPDATE entry SET revision = ?2, expiry = ?3, value = ?4 WHERE key = ?1 AND revision = ?5 AND expiry > ?6",
            database)
        put = try PreparedStatement(
            "REPLACE INTO entry (key, revision, expiry, value) VALUES (?1, ?2, ?3, ?4)", database)
        delete = try PreparedStatement("DELETE FROM entry WHERE key = ?1", database)
        findNext = try PreparedStatement(
            "SELECT key FROM entry WHERE key >= ?1 ORDER BY key LIMIT 1 OFFSET ?2", database)
        deleteExpired = try PreparedStatement(
            "DELETE FROM entry WHERE key >= ?1 AND key < ?3 AND expiry <= ?2", database)
        deleteLastExpired = try PreparedStatement("DELETE FROM entry WHERE key >= ?1 AND expiry <= ?2", database)
    }

    /// A number that changes when another connection has changed something.
    func version() throws(SQLiteFailure) -> Int64 {
        guard let version = try getVersion.row({ $0.integer(0) }) else { throw SQLiteFailure(code: SQLITE_CORRUPT) }
        return version
    }

    /// The highest revision that any process may have given.
    func revision() throws(SQLiteFailure) -> Int64 {
        guard let revision = try getRevision.row({ $0.integer(0) }), 0..<Int64.max / 2 ~= revision else {
            throw SQLiteFailure(code: SQLITE_CORRUPT)
        }
        return revision
    }

    func setRevision(_ revision: Int64) throws(SQLiteFailure) {
        putRevision.bind(1, revision)
        try putRevision.run()
    }

    /// How many rows the last statement changed.
    private var changes: Int { Int(sqlite3_changes(connection)) }

    // MARK: Transactions

    /// Carries out one transaction within one of SQLite's.
    func commit(
        _ transaction: StoreTransaction, at now: Int64, after revision: inout Int64
    ) throws(SQLiteFailure) -> StoreOutcome {
        if let outcome = try commitAsExpected(transaction, at: now, after: &revision) { return outcome }
        let values = try read(transaction, at: now)
        for condition in transaction.conditions {
            let current = try find(condition.key, at: now) { UInt64(bitPattern: $0.integer(0)) } ?? 0
            if current != condition.revision { return StoreOutcome(revision: 0, values: values) }
        }
        guard !transaction.writes.isEmpty else {
            return StoreOutcome(revision: UInt64(max(revision, 1)), values: values)
        }
        revision += 1
        for write in transaction.writes { try carryOut(write, at: now, revision: revision) }
        return StoreOutcome(revision: UInt64(revision), values: values)
    }

    /// Carries out a transaction that is about one key, as nearly all are: it has to be absent, or to be as it was left,
    /// and is written. Where it is so, the statement that writes it has seen to the condition, too.
    /// - Returns: `nil` where the condition does not hold, or the transaction is not of that kind; nothing was changed then.
    private func commitAsExpected(
        _ transaction: StoreTransaction, at now: Int64, after revision: inout Int64
    ) throws(SQLiteFailure) -> StoreOutcome? {
        guard transaction.conditions.count == 1, let write = transaction.writes.first, let value = write.value,
            write.lifetime > 0
        else { return nil }
        let condition = transaction.conditions[0]
        guard condition.key == write.key else { return nil }
        // What is there to be read is read before it is changed.
        if condition.revision != 0, transaction.reads.contains(write.key) { return nil }
        let statement = condition.revision == 0 ? insert : update
        if condition.revision != 0 {
            statement.bind(5, Int64(bitPattern: condition.revision))
            statement.bind(6, now)
        }
        try store(value, of: write, at: now, revision: revision + 1, statement)
        guard changes == 1 else { return nil }
        revision += 1
        // It was not there, or is not asked for.
        let values = try read(transaction, at: now, besides: write.key)
        for other in transaction.writes.dropFirst() { try carryOut(other, at: now, revision: revision) }
        return StoreOutcome(revision: UInt64(revision), values: values)
    }

    /// - Parameter absent: A key that has no value.
    private func read(
        _ transaction: StoreTransaction, at now: Int64, besides absent: StoreKey? = nil
    ) throws(SQLiteFailure) -> [StoreValue?] {
        guard !transaction.reads.isEmpty else { return [] }
        var values: [StoreValue?] = []
        values.reserveCapacity(transaction.reads.count)
        for key in transaction.reads {
            values.append(
                key == absent
                    ? nil
                    : try find(key, at: now) {
                        StoreValue(bytes: $0.bytes(1), revision: UInt64(bitPattern: $0.integer(0)))
                    })
        }
        return values
    }

    private func find<Value>(
        _ key: StoreKey, at now: Int64, _ body: (PreparedStatement) -> Value
    ) throws(SQLiteFailure) -> Value? {
        find.bind(2, now)
        return try find.bind(1, key.bytes) { () throws(SQLiteFailure) in try find.row(body) }
    }

    private func carryOut(
        _ write: StoreTransaction.Write, at now: Int64, revision: Int64
    ) throws(SQLiteFailure) {
        guard let value = write.value, write.lifetime > 0 else {
            return try delete.bind(1, write.key.bytes) { () throws(SQLiteFailure) in try delete.run() }
        }
        try store(value, of: write, at: now, revision: revision, put)
    }

    private func store(
        _ value: [UInt8], of write: StoreTransaction.Write, at now: Int64, revision: Int64,
        _ statement: PreparedStatement
    ) throws(SQLiteFailure) {
        let (expiry, overflows) = now.addingReportingOverflow(write.lifetime)
        statement.bind(2, revision)
        statement.bind(3, overflows ? .max : expiry)
        try statement.bind(1, write.key.bytes) { () throws(SQLiteFailure) in
            try statement.bind(4, value) { () throws(SQLiteFailure) in try statement.run() }
        }
    }

    // MARK: Expiry

    /// Where the last process that removed expired rows left off.
    func purgePosition() throws(SQLiteFailure) -> [UInt8] { try getPosition.row { $0.bytes(0) } ?? [] }

    func setPurgePosition(_ position: [UInt8]) throws(SQLiteFailure) {
        try putPosition.bind(1, position) { () throws(SQLiteFailure) in try putPosition.run() }
    }

    /// Removes what has expired among some rows.
    ///
    /// There is no index of when rows expire: it would cost more with each message than looking at all rows in turn.
    /// - Parameters:
    ///   - start: The key from which on rows are looked at.
    ///   - limit: How many rows are looked at.
    /// - Returns: Where to go on, `nil` where these were the last rows, and how many were removed.
    func purge(
        from start: [UInt8], atMost limit: Int, at now: Int64
    ) throws(SQLiteFailure) -> (next: [UInt8]?, removed: Int) {
        findNext.bind(2, Int64(limit))
        let next = try findNext.bind(1, start) { () throws(SQLiteFailure) in try findNext.row { $0.bytes(0) } }
        let delete = next == nil ? deleteLastExpired : deleteExpired
        delete.bind(2, now)
        try delete.bind(1, start) { () throws(SQLiteFailure) in
            guard let next else { return try delete.run() }
            try delete.bind(3, next) { () throws(SQLiteFailure) in try delete.run() }
        }
        return (next, changes)
    }
}
