import FastCGI
import OfficialAccountBot
import TestSupport
import Testing

@Suite("The store in memory")
struct MemoryStoreTests {
    private let time = Locked<Int64>(0)

    private func store(bytes: Int = 64 << 20, entries: Int = 1_000_000) -> MemoryStore {
        let time = time
        return MemoryStore(maximumBytes: bytes, maximumEntries: entries) { time.withLock { $0 } }
    }

    private func advance(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }

    @Test("A value expires at its millisecond, not before and not after")
    func exactExpiry() async throws {
        let store = store()
        try await store.put(key("a"), [1], lifetime: 1000)
        advance(999)
        #expect(try await store.get(key("a")) != nil)
        advance(1)
        #expect(try await store.get(key("a")) == nil)
    }

    @Test("A clock that goes back brings nothing back")
    func clockBack() async throws {
        let store = store()
        try await store.put(key("a"), [1], lifetime: 1000)
        advance(1000)
        #expect(try await store.get(key("a")) == nil)
        advance(-500)
        #expect(try await store.get(key("a")) == nil)
        try await store.put(key("b"), [1], lifetime: 100)
        advance(599)
        #expect(try await store.get(key("b")) != nil)
        advance(1)
        #expect(try await store.get(key("b")) == nil)
    }

    @Test("What has expired leaves by itself, a few at each call")
    func expiredLeave() async throws {
        let store = store()
        for number in 0..<1000 { try await store.put(key("\(number)"), [1], lifetime: Int64(1 + number % 7)) }
        advance(10)
        for number in 0..<200 { try await store.put(key("new \(number)"), [1], lifetime: 1000) }
        #expect(store.usage.entries == 200)
    }

    @Test("Where it is full, those leave first that expire soonest")
    func soonestLeave() async throws {
        let store = store(entries: 100)
        for number in 0..<100 { try await store.put(key("\(number)"), [1], lifetime: Int64(10_000 - number)) }
        for number in 0..<30 { try await store.put(key("new \(number)"), [1], lifetime: 20) }
        #expect(store.usage.entries == 100)
        // The new ones expire before all others, and yet each was there for who wrote it; then it made room for the next.
        #expect(try await store.get(key("new 29")) != nil)
        #expect(try await store.get(key("new 28")) == nil)
        #expect(try await store.get(key("99")) == nil)
        #expect(try await store.get(key("98")) != nil)
    }

    @Test("It never holds more than it may, whatever is written")
    func bounded() async throws {
        let store = store(bytes: 100_000, entries: 200)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let name = key("\(UInt16.random(in: 0..<600, using: &random))")
            let value = Bool.random(using: &random) ? [UInt8](repeating: 1, count: Int.random(in: 0..<3000)) : nil
            try await store.put(name, value, lifetime: Int64.random(in: 1..<500))
            if Int.random(in: 0..<4) == 0 { advance(Int64.random(in: 0..<20)) }
            #expect(store.usage.entries <= 200)
            #expect(store.usage.bytes <= 100_000)
        }
        advance(1000)
        for _ in 0..<100 { try await store.put(key("last"), nil) }
        #expect(store.usage.entries == 0)
        #expect(store.usage.bytes == 0)
    }

    @Test("It does what a simple model does, with every kind of lifetime")
    func model() async throws {
        let store = store()
        var model: [StoreKey: (value: [UInt8], revision: UInt64, expiry: Int64)] = [:]
        var now: Int64 = 0
        for step in 0..<20_000 {
            let name = key("\(Int.random(in: 0..<300))")
            let current = model[name].flatMap { $0.expiry > now ? $0 : nil }
            let lifetime = Int64.random(in: 0..<3) == 0 ? 60 : Int64.random(in: 1..<400)
            let expected = Bool.random() ? current?.revision ?? 0 : UInt64(step)
            let outcome = try await store.commit(
                StoreTransaction(
                    conditions: [.init(name, expected)],
                    writes: [.init(name, [UInt8(step & 0xFF)], lifetime: lifetime)], reads: [name]))
            #expect(outcome.isApplied == (expected == current?.revision ?? 0))
            #expect(outcome.values == [current.map { StoreValue(bytes: $0.value, revision: $0.revision) }])
            if outcome.isApplied { model[name] = ([UInt8(step & 0xFF)], outcome.revision, now + lifetime) }
            if Int.random(in: 0..<5) == 0 {
                now += 7
                advance(7)
            }
        }
    }

    @Test("A value is kept whole however long it is, and whatever was there before")
    func lengths() async throws {
        let store = store()
        for count in [0, 1, 200, 5, 100_000, 300, 216, 215, 0, 70_000, 60_000, 1] {
            let value = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            for name in [key("a"), key(String(repeating: "long ", count: 100))] {
                try await store.put(name, value, lifetime: 1000)
            }
            #expect(try await store.get(key("a"))?.bytes == value)
            #expect(try await store.get(key(String(repeating: "long ", count: 100)))?.bytes == value)
        }
        #expect(store.usage.bytes == 1 + 500 + 2 + 2 * MemoryStore.entryOverhead)
    }

    @Test("Places that became free are used again, with nothing of what was there")
    func reuse() async throws {
        let store = store()
        for round in 0..<3 {
            for number in 0..<20_000 {
                let value = [UInt8](repeating: UInt8(round), count: number % 400)
                try await store.put(key("\(round) \(number)"), value, lifetime: 10)
            }
            for number in stride(from: 0, to: 20_000, by: 997) {
                let value = try await store.get(key("\(round) \(number)"))
                #expect(value?.bytes == [UInt8](repeating: UInt8(round), count: number % 400))
            }
            advance(10)
            #expect(try await store.get(key("\(round) 0")) == nil)
        }
    }

    @Test("More than it may hold at all is refused, and changes nothing")
    func tooLarge() async throws {
        let store = store(bytes: 10_000)
        try await store.put(key("a"), [1])
        await #expect(throws: StoreError.self) { try await store.put(key("a"), [UInt8](repeating: 1, count: 10_000)) }
        #expect(try await store.get(key("a"))?.bytes == [1])
    }
}
