internal import GRDB
internal import GRDBSQLite
internal import OfficialAccountBot

/// An error of SQLite's, by its extended result code (https://www.sqlite.org/rescode.html).
struct SQLiteFailure: Error {
    let code: Int32

    init(code: Int32) { self.code = code }

    init(_ error: any Error) { code = (error as? DatabaseError)?.extendedResultCode.rawValue ?? SQLITE_ERROR }

    private var primary: Int32 { code & 0xFF }

    var isBusy: Bool { primary == SQLITE_BUSY || primary == SQLITE_LOCKED }

    var isFull: Bool { primary == SQLITE_FULL }

    /// Whether the file had better be opened again: anything but what passes by itself.
    var breaksConnection: Bool { !isBusy && !isFull }

    /// The error in words; never with the message of SQLite's, which may quote a statement.
    func storeError(path: String) -> StoreError {
        let advice =
            switch primary {
            case SQLITE_BUSY, SQLITE_LOCKED:
                "another process has held it for too long; see which one has it open (fuser)"
            case SQLITE_FULL: "it is full: free space on the disk, or raise the store's limit"
            case SQLITE_READONLY: "it cannot be written: give this process's user the file, its -wal and its -shm"
            case SQLITE_CANTOPEN:
                "it cannot be opened: the folder has to exist and to be writable for this process's user"
            case SQLITE_PERM, SQLITE_AUTH: "this process's user may not use it"
            case SQLITE_NOTADB: "it is no SQLite database: name another path, or move the file away"
            case SQLITE_CORRUPT: "it is damaged: move it and its -wal away, so that a new one is made"
            case SQLITE_IOERR: "the disk failed, or is full, or the file may not become larger (ulimit -f)"
            default: "SQLite failed"
            }
        return StoreError("store \(path): \(advice) (SQLite: \(String(cString: sqlite3_errstr(code))), \(code))")
    }
}
