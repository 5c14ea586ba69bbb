internal import GRDB
internal import OfficialAccountBot

/// The tables of a store's file.
enum StoreSchema {
    /// Marks a file as a store's (https://www.sqlite.org/pragma.html#pragma_application_id): "WCFS".
    private static let applicationID = 0x5743_4653
    private static let version = 1

    /// Sets up a connection, and the file where it is new.
    static func prepare(
        _ database: Database, path: String, pageBytes: Int, maximumPages: Int, logPages: Int
    ) throws {
        // The size of pages counts only for a file that has none yet.
        try database.execute(
            sql: """
                PRAGMA page_size = \(pageBytes);
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                PRAGMA wal_autocheckpoint = \(logPages);
                PRAGMA journal_size_limit = \(2 * logPages * pageBytes);
                PRAGMA max_page_count = \(maximumPages);
                PRAGMA cache_size = -16384;
                PRAGMA temp_store = MEMORY;
                """)
        guard try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal" else {
            throw StoreError("store \(path): its file system has no write-ahead log: name a path on a local disk")
        }
        if try isCurrent(database, path: path) { return }
        try database.inTransaction(.immediate) {
            // Another process may have been faster.
            if try isCurrent(database, path: path) { return .commit }
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0 else {
                throw StoreError("store \(path): this is the database of another program: name another path")
            }
            // Rows stand in the order in which they come, and only the index of keys is in the order of keys, so that those
            // that are committed together share pages.
            try database.execute(
                sql: """
                    CREATE TABLE entry (
                        id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, revision INTEGER NOT NULL,
                        expiry INTEGER NOT NULL, value BLOB NOT NULL);
                    CREATE INDEX entry_expiry ON entry (expiry);
                    CREATE TABLE counter (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL);
                    INSERT INTO counter VALUES (1, 0);
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(version);
                    """)
            return .commit
        }
    }

    private static func isCurrent(_ database: Database, path: String) throws -> Bool {
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else { return false }
        guard try Int.fetchOne(database, sql: "PRAGMA user_version") == version else {
            throw StoreError("store \(path): it was made by another version of this program: name another path")
        }
        return true
    }
}
