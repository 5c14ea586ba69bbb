internal import GRDB
internal import OfficialAccountBot

/// The tables of a store's file.
enum StoreSchema {
    /// Marks a file as a store's (https://www.sqlite.org/pragma.html#pragma_application_id): "WCFS".
    private static let applicationID = 0x5743_4653
    private static let version = 2

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
        if try state(of: database, path: path) == .current { return }
        try database.inTransaction(.immediate) {
            var revision: Int64 = 0
            switch try state(of: database, path: path) {
            // Another process was faster.
            case .current: return .commit
            case .older:
                // What it holds is good for minutes, and is given up. A process of the older version that still runs is told
                // that the file is not its own any more, and goes on without.
                revision = try Int64.fetchOne(database, sql: "SELECT revision FROM counter") ?? 0
                try database.execute(sql: "DROP TABLE entry; DROP TABLE counter")
            case .new: break
            }
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0 else {
                throw StoreError("store \(path): this is the database of another program: name another path")
            }
            // One tree, in the order of keys: whoever makes keys has those that are used together stand together, so that
            // they share pages.
            try database.execute(
                sql: """
                    CREATE TABLE entry (
                        key BLOB NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, expiry INTEGER NOT NULL,
                        value BLOB NOT NULL) WITHOUT ROWID;
                    CREATE TABLE counter (
                        id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, purged BLOB NOT NULL);
                    INSERT INTO counter VALUES (1, \(revision), x'');
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(version);
                    """)
            return .commit
        }
    }

    private enum State { case new, older, current }

    private static func state(of database: Database, path: String) throws -> State {
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else { return .new }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= Self.version else {
            throw StoreError("store \(path): it was made by a newer version of this program: name another path")
        }
        return version == Self.version ? .current : .older
    }
}
