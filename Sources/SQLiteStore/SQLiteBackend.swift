internal import Glibc
internal import OfficialAccountBot

/// A ``SQLiteConnection`` that is opened again when it fails.
struct SQLiteBackend: StoreBackend {
    /// After how many milliseconds a file that could not be opened is tried again.
    private static let patience: Int64 = 1000

    private let path: String
    private let maximumBytes: Int
    private var connection: SQLiteConnection?
    private var lastFailure: (error: StoreError, time: Int64)?
    private var lastLook: Int64 = 0

    init(path: String, maximumBytes: Int) {
        self.path = path
        self.maximumBytes = maximumBytes
    }

    mutating func open() throws(StoreError) {
        connection = try SQLiteConnection(path: path, maximumBytes: maximumBytes)
        lastLook = StoreClock.monotonic()
    }

    mutating func commit(_ transactions: [StoreTransaction]) -> [Result<StoreOutcome, StoreError>] {
        do throws(StoreError) {
            let connection = try usable()
            do throws(SQLiteFailure) {
                return try connection.commit(transactions).map { .success($0) }
            } catch {
                if error.breaksConnection { self.connection = nil }
                throw error.storeError(path: path)
            }
        } catch {
            return transactions.map { _ in .failure(error) }
        }
    }

    mutating func tidy() -> Int64 {
        guard let connection = try? usable() else { return Self.patience }
        do throws(SQLiteFailure) {
            return try connection.tidy()
        } catch {
            // Whoever commits next is told.
            if error.breaksConnection { self.connection = nil }
            return Self.patience
        }
    }

    mutating func close() { connection = nil }

    /// The connection, opened where there is none, or where the file at the path is no longer the one that is open: its
    /// processes would otherwise not see each other's changes any more.
    private mutating func usable() throws(StoreError) -> SQLiteConnection {
        let now = StoreClock.monotonic()
        if let connection {
            if now - lastLook < Self.patience { return connection }
            lastLook = now
            if connection.isInPlace { return connection }
            self.connection = nil
        }
        if let lastFailure, now - lastFailure.time < Self.patience { throw lastFailure.error }
        do throws(StoreError) {
            let connection = try SQLiteConnection(path: path, maximumBytes: maximumBytes)
            self.connection = connection
            lastFailure = nil
            lastLook = now
            return connection
        } catch {
            lastFailure = (error, now)
            throw error
        }
    }
}
