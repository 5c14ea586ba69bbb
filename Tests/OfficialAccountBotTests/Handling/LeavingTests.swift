import OfficialAccount
import SQLiteStore
import Testing

@testable import OfficialAccountBot

@Suite("What is owed to a user who leaves the account")
struct LeavingTests {
    private static let notice = LateAnswers.defaultNotice

    /// A user leaves the account and follows it again.
    private func leave(_ bench: HandlingBench) async throws {
        #expect(await bench.deliver(try HandlingBench.event("unsubscribe")) == "answer to unsubscribe")
        #expect(await bench.deliver(try HandlingBench.event("subscribe")) == "answer to subscribe")
    }

    /// Nothing is owed.
    private func expectNothing(_ bench: HandlingBench) async throws {
        #expect(await bench.send(try HandlingBench.text("hello", id: 1_000)) == "answer to hello")
        #expect(await bench.send(try HandlingBench.text("1", id: 1_001)) == "answer to 1")
    }

    @Test("is erased: whoever comes back gets none of it")
    func erased() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 160", id: 1)) == Self.notice)
        #expect(await bench.send(try HandlingBench.text("wait 160", id: 1, from: "other")) == Self.notice)
        try await bench.settled()
        try await leave(bench)
        try await expectNothing(bench)
        #expect(bench.events.withLock { $0.filter { $0 == "erased(answers: 1)" }.count } == 1)
        // Nobody else is concerned.
        #expect(await bench.send(try HandlingBench.text("1", id: 2, from: "other")) == "answer to wait 160")
    }

    @Test("is dropped where its handler still runs, though the user was told to come back")
    func dropped() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 250", id: 1)) == Self.notice)
        try await leave(bench)
        try await bench.settled()
        try await expectNothing(bench)
        #expect(bench.events.withLock { $0.filter { $0 == "erased(answers: 1)" }.count } == 1)
    }

    @Test("is dropped where nobody has decided yet where its answer goes, and nothing is announced")
    func undecided() async throws {
        let bench = HandlingBench()
        let message = try HandlingBench.text("wait 250", id: 1)
        async let answer = bench.send(message)
        for _ in 0..<6000 where bench.count("wait 250") == 0 { try await Task.sleep(for: .milliseconds(5)) }
        try await leave(bench)
        #expect(await answer == "")
        try await bench.settled()
        try await expectNothing(bench)
    }

    @Test("is not sent by customer service", arguments: [false, true])
    func notSent(isUndecided: Bool) async throws {
        let platform = RecordingPlatform()
        let bench = HandlingBench(late: LateAnswers(mode: .customerService), platform: platform)
        async let answer = bench.send(try HandlingBench.text("wait 150", id: 1))
        if isUndecided {
            for _ in 0..<6000 where bench.count("wait 150") == 0 { try await Task.sleep(for: .milliseconds(5)) }
        } else {
            _ = try await answer
        }
        try await leave(bench)
        #expect(try await answer == "")
        try await bench.settled()
        #expect(platform.sent.withLock { $0 } == [])
        try await expectNothing(bench)
    }

    @Test("goes no further where a part of it went back in a delivery")
    func parts() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("long", id: 1))?.hasPrefix("一") == true)
        try await leave(bench)
        try await expectNothing(bench)
    }

    @Test("is dropped by the process that makes it, whichever hears that the user has left", arguments: [false, true])
    func shared(isUndecided: Bool) async throws {
        let folder = TemporaryStore()
        let first = HandlingBench(store: try SQLiteStore(path: folder.path))
        let store = try SQLiteStore(path: folder.path)
        let other = HandlingBench(store: store)
        let message = try HandlingBench.text("wait 250", id: 1)
        async let answer = first.send(message)
        if isUndecided {
            for _ in 0..<6000 where first.count("wait 250") == 0 { try await Task.sleep(for: .milliseconds(5)) }
        } else {
            #expect(await answer == Self.notice)
        }
        try await leave(other)
        if isUndecided { #expect(await answer == "") }
        // Nobody takes it over, and what was asked is not kept for that.
        let key = HandlingKeys.message(message, account: first.account.key)
        let value = try #require(try await store.commit(StoreTransaction(reads: [key])).values[0])
        let record = try #require(HandlingRecord(value.bytes))
        #expect(record.route == .dropped)
        #expect(record.message == nil)
        try await first.settled()
        try await expectNothing(other)
    }

    @Test("is erased once: another delivery of the event does not touch what is owed since")
    func retried() async throws {
        let bench = HandlingBench()
        try await leave(bench)
        #expect(await bench.send(try HandlingBench.text("wait 160", id: 1)) == Self.notice)
        #expect(await bench.deliver(try HandlingBench.event("unsubscribe")) == "answer to unsubscribe")
        try await bench.settled()
        #expect(await bench.send(try HandlingBench.text("1", id: 2)) == "answer to wait 160")
        #expect(bench.count("unsubscribe") == 1)
    }

    @Test("is erased when the store is there again, where it was not when the user left")
    func outage() async throws {
        let folder = TemporaryStore()
        let store = MutedStore(try SQLiteStore(path: folder.path))
        let bench = HandlingBench(store: store)
        let message = try HandlingBench.text("wait 160", id: 1)
        #expect(await bench.send(message) == Self.notice)
        try await bench.settled()
        store.isMuted.withLock { $0 = true }
        try await leave(bench)
        store.isMuted.withLock { $0 = false }
        let key = HandlingKeys.mailbox(sender: message.senderBytes, account: bench.account.key)
        for _ in 0..<6000 {
            let read = try await store.commit(StoreTransaction(reads: [key]))
            if Mailbox(read.values[0]?.bytes ?? []).isEmpty { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        try await expectNothing(bench)
    }
}
