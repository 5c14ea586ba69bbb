import FastCGI
import OfficialAccountBot
import TestSupport
import Testing

@Suite("Transactions that wait for a store")
struct QueueTests {
    /// Notes how many transactions came together, and waits before the first group.
    private struct Noting: StoreBackend {
        let gate: BlockingGate
        let groups: Locked<[Int]>
        let isClosed: Locked<Bool>

        mutating func commit(_ transactions: [StoreTransaction]) -> [Result<StoreOutcome, StoreError>] {
            let isFirst = groups.withLock { groups in
                groups.append(transactions.count)
                return groups.count == 1
            }
            if isFirst { gate.wait() }
            return transactions.map { transaction in
                transaction.writes.isEmpty
                    ? .success(StoreOutcome(revision: 1, values: [])) : .failure(StoreError("refused"))
            }
        }

        mutating func tidy() -> Int64 { 1_000_000 }
        mutating func close() { isClosed.withLock { $0 = true } }
    }

    private let gate = BlockingGate()
    private let groups = Locked<[Int]>([])
    private let isClosed = Locked(false)

    @Test("Those who come while it is busy go together, and each gets an answer of its own")
    func grouping() async throws {
        let queue = try StoreQueue(Noting(gate: gate, groups: groups, isClosed: isClosed))
        async let first = queue.commit(StoreTransaction())
        #expect(await eventually { gate.isWaiting })
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<600 {
                group.addTask {
                    let write = StoreTransaction.Write(key("a"), nil, lifetime: 0)
                    let isRefused = number % 2 == 0
                    let outcome = try? await queue.commit(StoreTransaction(writes: isRefused ? [write] : []))
                    #expect((outcome == nil) == isRefused)
                }
            }
            try? await Task.sleep(for: .milliseconds(200))
            gate.open()
        }
        #expect(try await first.revision == 1)
        let sizes = groups.withLock { $0 }
        #expect(sizes.reduce(0, +) == 601)
        #expect(sizes.count < 100)
        #expect(sizes.allSatisfy { $0 <= 256 })
        await queue.close()
        #expect(isClosed.withLock { $0 })
    }

    @Test("What waits when it is closed is carried out; what comes afterwards is refused")
    func closing() async throws {
        let queue = try StoreQueue(Noting(gate: gate, groups: groups, isClosed: isClosed))
        async let first = queue.commit(StoreTransaction())
        #expect(await eventually { gate.isWaiting })
        async let second = queue.commit(StoreTransaction())
        async let closed: Void = queue.close()
        try await Task.sleep(for: .milliseconds(100))
        gate.open()
        _ = try? await (first, second)
        await closed
        await #expect(throws: StoreError.self) { try await queue.commit(StoreTransaction()) }
    }

    @Test("One that nobody refers to any more has its backend closed")
    func dropped() async throws {
        gate.open()
        var queue: StoreQueue? = try StoreQueue(Noting(gate: gate, groups: groups, isClosed: isClosed))
        _ = try await queue?.commit(StoreTransaction())
        queue = nil
        #expect(await eventually { isClosed.withLock { $0 } })
    }
}
