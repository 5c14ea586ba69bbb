internal import GRDB
internal import GRDBSQLite
internal import OfficialAccountBot

/// The statements of a connection, and what a transaction is in them.
struct StoreStatements {
    private struct Row {
        let id: Int64
        let revision: Int64
        let expiry: Int64
    }

    let connection: OpaquePointer
    let beginWriting: PreparedStatement
    let beginReading: PreparedStatement
    let end: PreparedStatement
    let undo: PreparedStatement
    private let getRevision: PreparedStatement
    private let putRevision: PreparedStatement
    private let find: PreparedStatement
    private let insert: PreparedStatement
    private let update: PreparedStatement
    private let delete: PreparedStatement
    private let findExpired: PreparedStatement
    private let deleteExpired: PreparedStatement

    init(_ database: Database) throws {
        guard let connection = database.sqliteConnection else { throw SQLiteFailure(code: SQLITE_MISUSE) }
        self.connection = connection
        beginWriting = try PreparedStatement("BEGIN IMMEDIATE", database)
        beginReading = try PreparedStatement("BEGIN", database)
        end = try PreparedStatement("COMMIT", database)
        undo = try PreparedStatement("ROLLBACK", database)
        getRevision = try PreparedStatement("SELECT revision FROM counter WHERE id = 1", database)
        putRevision = try PreparedStatement("UPDATE counter SET revision = ?1 WHERE id = 1", database)
        find = try PreparedStatement("SELECT id, revision, expiry, value FROM entry WHERE key = ?1", database)
        insert = try PreparedStatement(
            "INSERT INTO entry (key, revision, expiry, value) VALUES (?1, ?2, ?3, ?4)", database)
        update = try PreparedStatement(
            "UPDATE entry SET revision = ?2, expiry = ?3, value = ?4 WHERE id = ?1", database)
        delete = try PreparedStatement("DELETE FROM entry WHERE id = ?1", database)
        findExpired = try PreparedStatement("SELECT 1 FROM entry WHERE expiry <= ?1 LIMIT 1", database)
        deleteExpired = try PreparedStatement(
            "DELETE FROM entry WHERE id IN (SELECT id FROM entry WHERE expiry <= ?1 LIMIT ?2)", database)
    }

    /// The number of the last transaction that changed something.
    func revision() throws(SQLiteFailure) -> Int64 {
        guard let revision = try getRevision.row({ $0.integer(0) }) else { throw SQLiteFailure(code: SQLITE_CORRUPT) }
        return revision
    }

    func setRevision(_ revision: Int64) throws(SQLiteFailure) {
        putRevision.bind(1, revision)
        try putRevision.run()
    }

    func hasExpired(at now: Int64) throws(SQLiteFailure) -> Bool {
        findExpired.bind(1, now)
        return try findExpired.row { _ in true } ?? false
    }

    /// Removes rows that have expired.
    /// - Returns: How many.
    func purge(at now: Int64, atMost limit: Int) throws(SQLiteFailure) -> Int {
        deleteExpired.bind(1, now)
        deleteExpired.bind(2, Int64(limit))
        try deleteExpired.run()
        return Int(sqlite3_changes(connection))
    }

    /// Carries out one transaction within one of SQLite's.
    func commit(
        _ transaction: StoreTransaction, at now: Int64, after revision: inout Int64
    ) throws(SQLiteFailure) -> StoreOutcome {
        // The key that a transaction is about occurs in it several times.
        var known: (key: StoreKey, row: Row?)?
        var values: [StoreValue?] = []
        values.reserveCapacity(transaction.reads.count)
        for key in transaction.reads {
            var value: [UInt8] = []
            let row = try look(key) { value = $0.bytes(3) }
            if known == nil { known = (key, row) }
            values.append(
                row.flatMap { $0.expiry > now ? StoreValue(bytes: value, revision: UInt64($0.revision)) : nil })
        }
        for condition in transaction.conditions {
            let row = try row(of: condition.key, known: known)
            if known == nil { known = (condition.key, row) }
            let current = row.flatMap { $0.expiry > now ? UInt64($0.revision) : nil } ?? 0
            if current != condition.revision { return StoreOutcome(revision: 0, values: values) }
        }
        guard !transaction.writes.isEmpty else {
            return StoreOutcome(revision: UInt64(max(revision, 1)), values: values)
        }
        revision += 1
        for write in transaction.writes {
            let row = try row(of: write.key, known: known)
            try carryOut(write, on: row, at: now, revision: revision)
        }
        return StoreOutcome(revision: UInt64(revision), values: values)
    }

    private func row(of key: StoreKey, known: (key: StoreKey, row: Row?)?) throws(SQLiteFailure) -> Row? {
        if let known, known.key == key { return known.row }
        return try look(key)
    }

    private func look(_ key: StoreKey, _ body: (PreparedStatement) -> Void = { _ in }) throws(SQLiteFailure) -> Row? {
        find.bind(1, key.bytes)
        return try find.row {
            body($0)
            return Row(id: $0.integer(0), revision: $0.integer(1), expiry: $0.integer(2))
        }
    }

    private func carryOut(
        _ write: StoreTransaction.Write, on row: Row?, at now: Int64, revision: Int64
    ) throws(SQLiteFailure) {
        guard let value = write.value, write.lifetime > 0 else {
            guard let row else { return }
            delete.bind(1, row.id)
            return try delete.run()
        }
        let statement = row == nil ? insert : update
        if let row { update.bind(1, row.id) } else { insert.bind(1, write.key.bytes) }
        let (expiry, overflows) = now.addingReportingOverflow(write.lifetime)
        statement.bind(2, revision)
        statement.bind(3, overflows ? .max : expiry)
        statement.bind(4, value)
        try statement.run()
    }
}
