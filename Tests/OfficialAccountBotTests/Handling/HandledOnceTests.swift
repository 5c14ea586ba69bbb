import FoundationEssentials
import OfficialAccount
import SQLiteStore
import Testing

@testable import OfficialAccountBot

@Suite("A message is handled once")
struct HandledOnceTests {
    @Test("and another delivery of it gets the same answer")
    func repeated() async throws {
        let bench = HandlingBench()
        let message = try HandlingBench.text("hello", id: 1)
        for _ in 0..<3 { #expect(await bench.deliver(message) == "answer to hello") }
        #expect(bench.count("hello") == 1)
    }

    @Test("by whoever got it first, while others wait for the same answer")
    func joined() async throws {
        let bench = HandlingBench()
        let message = try HandlingBench.text("wait 10", id: 1)
        let answers = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { await bench.deliver(message) } }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(bench.count("wait 10") == 1)
        // A delivery that another one has superseded is not answered.
        #expect(answers.contains("answer to wait 10"))
        #expect(answers.allSatisfy { $0 == nil || $0 == "answer to wait 10" })
    }

    @Test("also where two users have the same MsgId, two accounts the same sender, or two events the same second")
    func different() async throws {
        let store = MemoryStore()
        let bench = HandlingBench(store: store)
        let other = HandlingBench(store: store, name: "club")
        #expect(await bench.deliver(try HandlingBench.text("a", id: 1, from: "one")) == "answer to a")
        #expect(await bench.deliver(try HandlingBench.text("b", id: 1, from: "two")) == "answer to b")
        #expect(await other.deliver(try HandlingBench.text("c", id: 1, from: "one")) == "answer to c")
        #expect(
            await bench.deliver(try HandlingBench.event("LOCATION", "<Latitude>1</Latitude>")) == "answer to LOCATION")
        #expect(await bench.deliver(try HandlingBench.event("VIEW", "<EventKey>u</EventKey>")) == "answer to VIEW")
        #expect(await bench.deliver(try HandlingBench.event("VIEW", "<EventKey>v</EventKey>")) == "answer to VIEW")
        #expect(bench.count("VIEW") == 2)
        #expect(await bench.deliver(try HandlingBench.event("VIEW", "<EventKey>v</EventKey>")) == "answer to VIEW")
        #expect(bench.count("VIEW") == 2)
    }

    @Test("and an event too, whose encrypted copy differs in each delivery")
    func compatibleEvent() async throws {
        let bench = HandlingBench()
        for copy in ["x", "y"] {
            let event = try HandlingBench.event("VIEW", "<EventKey>v</EventKey><Encrypt>\(copy)</Encrypt>")
            #expect(await bench.deliver(event) == "answer to VIEW")
        }
        #expect(bench.count("VIEW") == 1)
    }

    @Test("and not again where its handler failed: all deliveries get the apology")
    func failed() async throws {
        let bench = HandlingBench(late: LateAnswers(apology: "sorry"))
        let message = try HandlingBench.text("fail", id: 1)
        for _ in 0..<3 { #expect(await bench.deliver(message) == "sorry") }
        #expect(bench.count("fail") == 1)
        let silent = HandlingBench()
        for _ in 0..<2 { #expect(await silent.deliver(message) == "") }
        #expect(silent.count("fail") == 1)
    }

    @Test("and not again where its handler took too long")
    func timedOut() async throws {
        var settings = HandlingBench.settings
        settings.handlerTimeout = 0.3
        let bench = HandlingBench(late: LateAnswers(apology: "sorry"), settings: settings)
        let message = try HandlingBench.text("wait 1000", id: 1)
        #expect(await bench.send(message) == "sorry")
        #expect(await bench.send(message) == "sorry")
        #expect(bench.count("wait 1000") == 1)
        #expect(await bench.handling.finish(within: 2) == 0)
    }

    @Test("by one of several processes, and the others hand on its answer")
    func shared() async throws {
        let folder = TemporaryStore()
        let benches = try (0..<3).map { _ in HandlingBench(store: try SQLiteStore(path: folder.path)) }
        let message = try HandlingBench.text("wait 60", id: 1)
        // The deliveries come to different processes.
        let answers = await withTaskGroup(of: String?.self) { group in
            for (index, bench) in benches.enumerated() {
                group.addTask {
                    try? await Task.sleep(for: .milliseconds(Int64(index) * 300 * HandlingBench.stretch))
                    return await bench.deliver(message)
                }
            }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(benches.map { $0.count("wait 60") }.reduce(0, +) == 1)
        // Deliveries may overtake one another: each that may still be waited for gets the answer.
        #expect(Set(answers.compactMap(\.self)) == ["answer to wait 60"])
        for bench in benches { #expect(await bench.deliver(message) == "answer to wait 60") }
    }

    @Test("again by another process where the first one has died, and the handler can tell")
    func takenOver() async throws {
        let folder = TemporaryStore()
        let first = MutedStore(try SQLiteStore(path: folder.path))
        let dying = HandlingBench(store: first)
        let other = HandlingBench(store: try SQLiteStore(path: folder.path))
        let message = try HandlingBench.text("wait 30", id: 1)
        async let lost = dying.deliver(message)
        // A handler begins when its message is claimed.
        for _ in 0..<6000 where dying.count("wait 30") == 0 { try await Task.sleep(for: .milliseconds(5)) }
        first.isMuted.withLock { $0 = true }
        // Its sign of life expires after three seconds; the deliveries that come meanwhile wait for it.
        try await Task.sleep(for: .milliseconds(3_000))
        #expect(await other.deliver(message) == "answer to wait 30")
        #expect(other.runs.withLock { $0.attempts } == [2])
        _ = await lost
    }
}

/// A file for a store, in a folder that goes with it.
final class TemporaryStore: Sendable {
    let folder: String
    var path: String { folder + "/messages.sqlite" }

    init() {
        folder =
            FileManager.default.temporaryDirectory.path + "/handling-"
            + String(UInt64.random(in: 0 ... .max), radix: 16)
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

/// A store that a process can no longer reach.
final class MutedStore: Store {
    let isMuted = StoreTestLock(false)
    /// The transactions that do not reach it although others do.
    let mutes = StoreTestLock<@Sendable (StoreTransaction) -> Bool>({ _ in false })
    private let store: any Store

    init(_ store: any Store) { self.store = store }

    var isShared: Bool { store.isShared }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> StoreOutcome {
        if isMuted.withLock({ $0 }) || mutes.withLock({ $0(transaction) }) { throw StoreError("muted") }
        return try await store.commit(transaction)
    }
}
