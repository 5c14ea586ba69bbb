internal import GRDB
internal import GRDBSQLite

/// A statement that is run again and again, by SQLite's own functions: GRDB's make a value of everything that passes.
struct PreparedStatement {
    private let statement: OpaquePointer
    /// Owns the statement.
    private let owner: Statement

    init(_ sql: String, _ database: Database) throws {
        // One that is cached is prepared to stay: others are kept in the memory that SQLite has at hand for short uses.
        owner = try database.cachedStatement(sql: sql)
        statement = owner.sqliteStatement
    }

    func bind(_ position: Int32, _ number: Int64) { sqlite3_bind_int64(statement, position, number) }

    /// Binds bytes for as long as `body` takes, in which the statement is run: SQLite reads them where they are.
    func bind<Value>(
        _ position: Int32, _ bytes: [UInt8], _ body: () throws(SQLiteFailure) -> Value
    ) throws(SQLiteFailure) -> Value {
        let result = bytes.withUnsafeBytes { bytes -> Result<Value, SQLiteFailure> in
            if let start = bytes.baseAddress, !bytes.isEmpty {
                sqlite3_bind_blob64(statement, position, start, UInt64(bytes.count), nil)
            } else {
                // Without bytes there is no address, which SQLite would take for NULL.
                sqlite3_bind_zeroblob(statement, position, 0)
            }
            do throws(SQLiteFailure) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Runs a statement that has no rows.
    func run() throws(SQLiteFailure) {
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw SQLiteFailure(code: code) }
    }

    /// Runs a statement that has one row or none.
    func row<Value>(_ body: (PreparedStatement) -> Value) throws(SQLiteFailure) -> Value? {
        let code = sqlite3_step(statement)
        defer { sqlite3_reset(statement) }
        switch code {
        case SQLITE_ROW: return body(self)
        case SQLITE_DONE: return nil
        default: throw SQLiteFailure(code: code)
        }
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }
}
