import OfficialAccountBot
import RedisStore
import SQLiteStore
import TestSupport

/// The stores that there are, each made anew, and holding nothing, for the test that asks.
enum StoreKind: CaseIterable, Sendable {
    case memory, sqlite, redis

    /// Runs a test with a store of this kind.
    func with(_ body: (any Store) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore())
        case .sqlite:
            let folder = try TemporaryFolder()
            let store = try SQLiteStore(path: folder("store.db"))
            try await body(store)
            await store.close()
        case .redis:
            let server = try RedisServer()
            let store = try server.store()
            try await body(store)
            await store.close()
        }
    }
}

extension Store {
    /// Writes a value, whatever was there.
    @discardableResult
    func put(_ key: StoreKey, _ value: [UInt8]?, lifetime: Int64 = 600_000) async throws(StoreError) -> UInt64 {
        try await commit(StoreTransaction(writes: [.init(key, value, lifetime: lifetime)])).revision
    }

    /// Writes a value where the one that is there has a certain revision.
    func replace(_ key: StoreKey, _ revision: UInt64, _ value: [UInt8]?) async throws(StoreError) -> StoreOutcome {
        try await commit(
            StoreTransaction(conditions: [.init(key, revision)], writes: [.init(key, value, lifetime: 600_000)]))
    }

    func get(_ key: StoreKey) async throws(StoreError) -> StoreValue? {
        try await commit(StoreTransaction(reads: [key])).values[0]
    }

    /// Whether it can be used right now.
    var works: Bool {
        get async { (try? await commit(StoreTransaction())) != nil }
    }

    /// Counts a counter up, as often as it takes until nobody was faster.
    func increment(_ key: StoreKey) async throws {
        while true {
            let before = try await get(key)
            let number = before.map { Int(String(decoding: $0.bytes, as: UTF8.self)) ?? 0 } ?? 0
            if try await replace(key, before?.revision ?? 0, Array(String(number + 1).utf8)).isApplied { return }
        }
    }
}

func key(_ name: String) -> StoreKey { StoreKey(Array(name.utf8)) }

/// What a `StoreWorker` does, in a process of its own.
func worker(_ arguments: [String], log: String) throws -> ChildProcess {
    try ChildProcess(["\(PipedProcess.productsFolder)/StoreWorker"] + arguments, log: log)
}

extension ChildProcess {
    /// The status that it ends with; waiting for it blocks no thread.
    var ended: Int32? {
        get async {
            _ = await eventually { self.exitStatus != nil }
            return exitStatus
        }
    }
}
