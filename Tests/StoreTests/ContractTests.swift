import OfficialAccountBot
import TestSupport
import Testing

@Suite("What every store does")
struct ContractTests {
    @Test(
        "A value is there until it is removed, and its revision is that of the transaction that wrote it",
        arguments: StoreKind.allCases)
    func values(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.get(key("a")) == nil)
            let first = try await store.put(key("a"), [1, 2, 3])
            #expect(try await store.get(key("a")) == StoreValue(bytes: [1, 2, 3], revision: first))
            let second = try await store.put(key("a"), [4])
            #expect(second > first)
            #expect(try await store.get(key("a")) == StoreValue(bytes: [4], revision: second))
            try await store.put(key("a"), nil)
            #expect(try await store.get(key("a")) == nil)
            #expect(try await store.put(key("never there"), nil) > second)
        }
    }

    @Test(
        "A change is made only where all conditions hold; what was read is returned all the same",
        arguments: StoreKind.allCases)
    func conditions(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let revision = try await store.replace(key("a"), 0, [1]).revision
            #expect(revision > 0)
            #expect(try await !store.replace(key("a"), 0, [2]).isApplied)
            #expect(try await !store.replace(key("a"), revision + 1, [2]).isApplied)
            #expect(try await !store.replace(key("b"), revision, [2]).isApplied)
            let refused = try await store.commit(
                StoreTransaction(
                    conditions: [.init(key("b"), 0), .init(key("a"), revision + 1)],
                    writes: [.init(key("b"), [3], lifetime: 600_000)], reads: [key("a"), key("b")]))
            #expect(refused == StoreOutcome(revision: 0, values: [StoreValue(bytes: [1], revision: revision), nil]))
            #expect(try await store.get(key("b")) == nil)
            let done = try await store.commit(
                StoreTransaction(
                    conditions: [.init(key("b"), 0), .init(key("a"), revision)],
                    writes: [.init(key("b"), [3], lifetime: 600_000), .init(key("a"), nil, lifetime: 0)]))
            #expect(done.isApplied)
            #expect(try await store.get(key("b")) == StoreValue(bytes: [3], revision: done.revision))
            #expect(try await store.get(key("a")) == nil)
        }
    }

    @Test("Reads see what was there before the same transaction's writes", arguments: StoreKind.allCases)
    func readsBeforeWrites(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let first = try await store.commit(
                StoreTransaction(
                    conditions: [.init(key("a"), 0)], writes: [.init(key("a"), [1], lifetime: 600_000)],
                    reads: [key("a")]))
            #expect(first.values == [nil])
            let second = try await store.commit(
                StoreTransaction(
                    writes: [.init(key("a"), [2], lifetime: 600_000)], reads: [key("a"), key("b"), key("a")]))
            let before = StoreValue(bytes: [1], revision: first.revision)
            #expect(second.values == [before, nil, before])
        }
    }

    @Test("A transaction that only reads, or does nothing, is applied", arguments: StoreKind.allCases)
    func nothingToChange(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.commit(StoreTransaction()).isApplied)
            let revision = try await store.put(key("a"), [1])
            let held = StoreTransaction(conditions: [.init(key("a"), revision)], reads: [key("a")])
            #expect(try await store.commit(held).isApplied)
            try await store.put(key("a"), [1])
            #expect(try await !store.commit(held).isApplied)
        }
    }

    @Test("What has expired is as if it had never been there", arguments: StoreKind.allCases)
    func expiry(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let revision = try await store.put(key("a"), [1], lifetime: 50)
            #expect(try await eventually { try await store.get(key("a")) == nil })
            #expect(try await !store.replace(key("a"), revision, [2]).isApplied)
            let next = try await store.replace(key("a"), 0, [3])
            #expect(next.revision > revision)
            #expect(try await store.get(key("a"))?.bytes == [3])
        }
    }

    @Test("A value without a lifetime is not kept; one that lives for ever is", arguments: StoreKind.allCases)
    func lifetimes(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.put(key("a"), [1])
            try await store.put(key("a"), [2], lifetime: 0)
            #expect(try await store.get(key("a")) == nil)
            try await store.put(key("b"), [1], lifetime: -5)
            #expect(try await store.get(key("b")) == nil)
            try await store.put(key("c"), [1], lifetime: .max)
            #expect(try await store.get(key("c"))?.bytes == [1])
        }
    }

    @Test("A lifetime counts from the last write", arguments: StoreKind.allCases)
    func renewed(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.put(key("a"), [1], lifetime: 200)
            try await store.put(key("a"), [2], lifetime: 600_000)
            try await Task.sleep(for: .milliseconds(400))
            #expect(try await store.get(key("a"))?.bytes == [2])
        }
    }

    @Test("A revision is never used again: not after a removal, not after expiry", arguments: StoreKind.allCases)
    func revisions(_ kind: StoreKind) async throws {
        try await kind.with { store in
            var last: UInt64 = 0
            for round in 0..<50 {
                let revision = try await store.put(key("a"), [UInt8(round)], lifetime: round % 3 == 0 ? 1 : 600_000)
                #expect(revision > last)
                last = revision
                if round % 2 == 0 { try await store.put(key("a"), nil) }
            }
        }
    }

    @Test("Whoever was overtaken can change nothing any more", arguments: StoreKind.allCases)
    func fencing(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let claim = try await store.replace(key("a"), 0, [1])
            try await store.put(key("a"), nil)
            let other = try await store.replace(key("a"), 0, [1])
            #expect(other.isApplied)
            #expect(try await !store.replace(key("a"), claim.revision, [2]).isApplied)
            #expect(try await store.replace(key("a"), other.revision, [3]).isApplied)
        }
    }

    @Test("Keys and values are bytes: none, zeros, line ends, a megabyte", arguments: StoreKind.allCases)
    func bytes(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let all = (0...255).map { UInt8($0) }
            let samples: [[UInt8]] = [
                [], [0], [0, 0], [13, 10], Array("$3\r\nabc\r\n".utf8), all, Array("é".utf8), Array("e\u{301}".utf8),
                [UInt8](repeating: 0, count: 1 << 20),
            ]
            for sample in samples {
                let name = StoreKey(sample.count > 300 ? Array(sample.prefix(300)) : sample)
                #expect(try await store.get(name) == nil)
                try await store.put(name, sample)
            }
            for sample in samples {
                let name = StoreKey(sample.count > 300 ? Array(sample.prefix(300)) : sample)
                #expect(try await store.get(name)?.bytes == sample)
            }
        }
    }

    @Test("Many tasks count up together and lose nothing", arguments: StoreKind.allCases)
    func counting(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask { for _ in 0..<20 { try await store.increment(key("counter")) } }
                }
                try await group.waitForAll()
            }
            #expect(try await store.get(key("counter"))?.bytes == Array("320".utf8))
        }
    }

    @Test("Of many who claim a key at once one gets it", arguments: StoreKind.allCases)
    func claiming(_ kind: StoreKind) async throws {
        try await kind.with { store in
            for round in 0..<20 {
                let applied = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<20 {
                        group.addTask { try await store.replace(key("claim \(round)"), 0, [UInt8(number)]).isApplied }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(applied == 1)
            }
        }
    }

    @Test("Who sees one half of a change sees the other half", arguments: StoreKind.allCases)
    func atomicity(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        for round in 0..<50 {
                            let value = [UInt8(number), UInt8(round)]
                            _ = try await store.commit(
                                StoreTransaction(writes: [
                                    .init(key("left"), value, lifetime: 600_000),
                                    .init(key("right"), value, lifetime: 600_000),
                                ]))
                        }
                    }
                    group.addTask {
                        for _ in 0..<50 {
                            let seen = try await store.commit(StoreTransaction(reads: [key("left"), key("right")]))
                            #expect(seen.values[0] == seen.values[1])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A cancelled task's transaction is carried out", arguments: StoreKind.allCases)
    func cancelled(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let task = Task<UInt64, any Error> {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await store.put(key("a"), [1])
            }
            let revision = try await task.value
            #expect(revision > 0)
            #expect(try await store.get(key("a"))?.bytes == [1])
        }
    }

    @Test("A closed store says so", arguments: [StoreKind.sqlite, .redis])
    func closed(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.put(key("a"), [1])
            await store.close()
            await store.close()
            await #expect(throws: StoreError.self) { try await store.get(key("a")) }
        }
    }

    @Test("Only the store in memory is not shared", arguments: StoreKind.allCases)
    func sharing(_ kind: StoreKind) async throws {
        try await kind.with { store in #expect(store.isShared == (kind != .memory)) }
    }
}
