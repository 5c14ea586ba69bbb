import OfficialAccount
import SQLiteStore
import Testing

@testable import OfficialAccountBot

@Suite("A late answer")
struct LateAnswerTests {
    private static let notice = LateAnswers.defaultNotice

    @Test("that comes while the platform still asks is simply the answer", arguments: [20, 60, 110])
    func withinDeliveries(time: Int) async throws {
        let bench = HandlingBench()
        let text = "wait \(time)"
        #expect(await bench.send(try HandlingBench.text(text, id: 1)) == "answer to \(text)")
        #expect(bench.count(text) == 1)
        // It is owed to nobody.
        #expect(await bench.send(try HandlingBench.text("1", id: 2)) == "answer to 1")
    }

    @Test("is announced, waits, and is collected once")
    func collected() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 200", id: 1)) == Self.notice)
        try await bench.pass(900)
        #expect(await bench.send(try HandlingBench.text(" １ ", id: 2)) == "answer to wait 200")
        #expect(await bench.send(try HandlingBench.text(" １ ", id: 2)) == "answer to wait 200")
        #expect(await bench.send(try HandlingBench.text("1", id: 3)) == "answer to 1")
        #expect(bench.count("wait 200") == 1)
    }

    @Test("is waited for where it is asked for before it is ready")
    func askedForEarly() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 250", id: 1)) == Self.notice)
        #expect(await bench.send(try HandlingBench.text("继续", id: 2)) == "answer to wait 250")
        #expect(bench.count("继续") == 0)
        #expect(await bench.send(try HandlingBench.text("1", id: 3)) == "answer to 1")
    }

    @Test("is waited for again where even that was too early")
    func askedForTwice() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 380", id: 1)) == Self.notice)
        #expect(await bench.send(try HandlingBench.text("1", id: 2)) == Self.notice)
        #expect(await bench.send(try HandlingBench.text("1", id: 3)) == "answer to wait 380")
        #expect(bench.count("1") == 0)
        #expect(bench.count("wait 380") == 1)
    }

    @Test("goes out at once in reply to another question, whose own answer waits in turn")
    func inTurn() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 160", id: 1)) == Self.notice)
        try await bench.settled()
        #expect(await bench.send(try HandlingBench.text("second", id: 2)) == "answer to wait 160")
        #expect(await bench.send(try HandlingBench.text("1", id: 3)) == "answer to second")
        #expect(await bench.send(try HandlingBench.text("1", id: 4)) == "answer to 1")
        #expect(bench.count("second") == 1)
    }

    @Test("stays while another question is answered that was asked before it was ready")
    func secondQuestion() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 180", id: 1)) == Self.notice)
        #expect(await bench.send(try HandlingBench.text("quick", id: 2)) == "answer to quick")
        try await bench.pass(600)
        #expect(await bench.send(try HandlingBench.text("1", id: 3)) == "answer to wait 180")
    }

    @Test("is not given to an event")
    func events() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 160", id: 1)) == Self.notice)
        try await bench.settled()
        #expect(await bench.send(try HandlingBench.event("VIEW")) == "answer to VIEW")
        #expect(await bench.send(try HandlingBench.text("1", id: 2)) == "answer to wait 160")
    }

    @Test("is not given to another sender")
    func senders() async throws {
        let bench = HandlingBench()
        #expect(await bench.send(try HandlingBench.text("wait 160", id: 1)) == Self.notice)
        try await bench.settled()
        #expect(await bench.send(try HandlingBench.text("1", id: 1, from: "other")) == "answer to 1")
        #expect(await bench.send(try HandlingBench.text("1", id: 2)) == "answer to wait 160")
    }

    @Test("that is too long comes in parts, and nothing of it is lost")
    func parts() async throws {
        let bench = HandlingBench()
        var text = ""
        for id in 1...4 {
            let part = try #require(await bench.send(try HandlingBench.text(id == 1 ? "long" : "1", id: id)))
            #expect(part.utf8.count <= Reply.longestText)
            let ending = "\n" + LateAnswers.defaultContinuation
            text += part.hasSuffix(ending) ? String(part.dropLast(ending.count)) : part
            if !part.hasSuffix(ending) { break }
        }
        #expect(text == HandlingBench.longText)
        #expect(bench.count("long") == 1)
    }

    @Test("is dropped where the account says so, after an answer that says nothing")
    func off() async throws {
        let bench = HandlingBench(late: LateAnswers(mode: .off))
        #expect(await bench.send(try HandlingBench.text("wait 60", id: 1)) == "")
        try await bench.settled()
        #expect(await bench.send(try HandlingBench.text("1", id: 2)) == "answer to 1")
        #expect(bench.events.withLock { $0.contains("dropped") })
    }

    @Test("is sent by customer service where the account says so")
    func customerService() async throws {
        let platform = RecordingPlatform()
        let bench = HandlingBench(late: LateAnswers(mode: .customerService, showsTyping: true), platform: platform)
        #expect(await bench.send(try HandlingBench.text("wait 60", id: 1)) == "")
        try await bench.settled()
        #expect(platform.sent.withLock { $0 } == ["answer to wait 60"])
        #expect(platform.typing.withLock { $0 } == 1)
        #expect(await bench.send(try HandlingBench.text("1", id: 2)) == "answer to 1")
    }

    @Test("waits to be collected where customer service refuses it", arguments: [45015, 45047, 48001])
    func refused(errcode: Int) async throws {
        let platform = RecordingPlatform(errcode: errcode)
        let bench = HandlingBench(late: LateAnswers(mode: .customerService), platform: platform)
        #expect(await bench.send(try HandlingBench.text("wait 60", id: 1)) == "")
        try await bench.settled()
        #expect(await bench.send(try HandlingBench.text("1", id: 2)) == "answer to wait 60")
    }

    @Test("of which customer service takes a part only waits with its rest, in parts with the continuation")
    func refusedMidway() async throws {
        let platform = RecordingPlatform(errcode: 45047, after: 1)
        let bench = HandlingBench(late: LateAnswers(mode: .customerService), platform: platform)
        #expect(await bench.send(try HandlingBench.text("wait 60 long", id: 1)) == "")
        try await bench.settled()
        let sent = platform.sent.withLock { $0 }
        #expect(sent.count == 1)
        var text = sent.joined()
        let ending = "\n" + LateAnswers.defaultContinuation
        for id in 2...5 {
            let part = try #require(await bench.send(try HandlingBench.text("1", id: id)))
            #expect(part.utf8.count <= Reply.longestText)
            text += part.hasSuffix(ending) ? String(part.dropLast(ending.count)) : part
            if !part.hasSuffix(ending) { break }
        }
        #expect(text == HandlingBench.longText)
        #expect(await bench.send(try HandlingBench.text("1", id: 6)) == "answer to 1")
    }

    @Test("that finds no room beside the others drops the oldest, and that is told of")
    func crowdedOut() async throws {
        let bench = HandlingBench()
        let count = Mailbox.mostItems + 2
        try await withThrowingTaskGroup { group in
            for id in 1...count {
                group.addTask {
                    let message = try HandlingBench.text("wait 300 \(id)", id: id)
                    #expect(await bench.send(message) == Self.notice)
                }
            }
            try await group.waitForAll()
        }
        try await bench.settled()
        #expect(bench.events.withLock { $0.filter { $0 == "crowdedOut(answers: 1)" }.count } == 2)
        var answers: Set<String> = []
        for id in 1...Mailbox.mostItems {
            let message = try HandlingBench.text("1", id: count + id)
            answers.insert(try #require(await bench.send(message)))
        }
        #expect(answers.count == Mailbox.mostItems)
        #expect(!answers.contains("answer to 1"))
        #expect(await bench.send(try HandlingBench.text("1", id: 2 * count)) == "answer to 1")
    }

    @Test("that cannot be noted as owed takes none of the places in which debts are noted")
    func placeGivenBack() async throws {
        let folder = TemporaryStore()
        let store = MutedStore(try SQLiteStore(path: folder.path))
        let late = LateAnswers(mode: .customerService)
        let bench = HandlingBench(store: store, late: late, platform: RecordingPlatform(errcode: 45015))
        #expect(await bench.send(try HandlingBench.text("wait 60", id: 1)) == "")
        try await bench.settled()
        // What is owed goes out in reply to a question, which is then owed an answer itself: that cannot be written.
        let first = HandlingKeys.debt(of: bench.handling.heartbeat.owner, place: 0)
        store.mutes.withLock { $0 = { $0.writes.contains { $0.key == first && $0.value != nil } } }
        #expect(await bench.send(try HandlingBench.text("hello", id: 2)) == "answer to hello")
        #expect(bench.handling.places.take() == 0)
    }

    @Test("ends as the apology where the process cannot outlive its answer")
    func commonGateway() async throws {
        var settings = HandlingBench.settings
        settings.outlivesAnswers = false
        let folder = TemporaryStore()
        func process() throws -> HandlingBench {
            HandlingBench(
                store: try SQLiteStore(path: folder.path), late: LateAnswers(apology: "sorry"), settings: settings)
        }
        let message = try HandlingBench.text("wait 400", id: 1)
        let answers = StoreTestLock<[String?]>([])
        // Each delivery has a process of its own.
        for _ in 0..<3 {
            let bench = try process()
            Task {
                let answer = await bench.deliver(message)
                answers.withLock { $0.append(answer) }
            }
            try await bench.pass(500)
        }
        try await Task.sleep(for: .milliseconds(500 * HandlingBench.stretch))
        #expect(answers.withLock { $0.compactMap(\.self) } == ["sorry"])
    }

    @Test("that waits in a file is collected from a process that was started later")
    func restart() async throws {
        let folder = TemporaryStore()
        let before = HandlingBench(store: try SQLiteStore(path: folder.path))
        #expect(await before.send(try HandlingBench.text("wait 160", id: 1)) == Self.notice)
        try await before.settled()
        let after = HandlingBench(store: try SQLiteStore(path: folder.path))
        #expect(await after.send(try HandlingBench.text("1", id: 2)) == "answer to wait 160")
    }

    @Test("is made again where its process died after the notice, when the sender asks")
    func revived() async throws {
        let folder = TemporaryStore()
        let store = MutedStore(try SQLiteStore(path: folder.path))
        let dying = HandlingBench(store: store)
        #expect(await dying.send(try HandlingBench.text("wait 200", id: 1)) == Self.notice)
        store.isMuted.withLock { $0 = true }
        try await Task.sleep(for: .milliseconds(3_200))
        let other = HandlingBench(store: try SQLiteStore(path: folder.path))
        #expect(await other.send(try HandlingBench.text("1", id: 2)) == Self.notice)
        #expect(await other.send(try HandlingBench.text("1", id: 3)) == "answer to wait 200")
        #expect(other.runs.withLock { $0.attempts } == [2])
    }

    @Test(
        "is sent by customer service by other processes where its own has died, though nobody asks, and once",
        .timeLimit(.minutes(2)))
    func inherited() async throws {
        let count = 40
        let folder = TemporaryStore()
        let store = MutedStore(try SQLiteStore(path: folder.path))
        let late = LateAnswers(mode: .customerService)
        let platform = RecordingPlatform()
        let dying = HandlingBench(store: store, late: late, platform: platform)
        try await withThrowingTaskGroup { group in
            for number in 0..<count {
                group.addTask {
                    let message = try HandlingBench.text("wait 260 \(number)", id: 1, from: "user\(number)")
                    #expect(await dying.send(message) == "")
                }
            }
            try await group.waitForAll()
        }
        store.isMuted.withLock { $0 = true }
        let others = try (0..<2).map { _ in
            HandlingBench(store: try SQLiteStore(path: folder.path), late: late, platform: platform)
        }
        // Knows neither the account nor what to do.
        let stranger = HandlingBench(
            store: try SQLiteStore(path: folder.path), late: late, name: "shop2", platform: RecordingPlatform())
        let inheriting = (others + [stranger]).map { bench in
            Task { await bench.handling.inherit { [bench.account] } }
        }
        defer { for task in inheriting { task.cancel() } }
        // One that lives, and takes its time.
        let slow = try HandlingBench(
            store: SQLiteStore(path: folder.path), late: late, platform: platform)
        #expect(await slow.send(try HandlingBench.text("wait 300 slow", id: 1, from: "slow")) == "")
        // The first was only stopped for a while: what it answers now comes too late.
        while others.map({ bench in bench.runs.withLock { $0.attempts.count } }).reduce(0, +) < count {
            try await Task.sleep(for: .milliseconds(20))
        }
        store.isMuted.withLock { $0 = false }
        for _ in 0..<400 where platform.sent.withLock({ $0.count <= count }) {
            try await Task.sleep(for: .milliseconds(100))
        }
        try await Task.sleep(for: .seconds(4))
        let answers = (0..<count).map { "answer to wait 260 \($0)" } + ["answer to wait 300 slow"]
        #expect(platform.sent.withLock { $0.sorted() } == answers.sorted())
        #expect(slow.runs.withLock { $0.attempts } == [1])
        #expect(others.allSatisfy { bench in bench.runs.withLock { $0.attempts.allSatisfy { $0 == 2 } } })
        #expect(stranger.runs.withLock { $0.attempts.isEmpty })
        // The one that has died needs not be looked at any more.
        let read = try await SQLiteStore(path: folder.path).commit(StoreTransaction(reads: [HandlingKeys.debtors]))
        let debtors = Debtors(read.values[0]?.bytes ?? []).all
        #expect(!debtors.contains { $0.owner == dying.handling.heartbeat.owner })
    }

    @Test("is given although the store fails in between")
    func storeFails() async throws {
        let store = MutedStore(MemoryStore())
        let bench = HandlingBench(store: store)
        async let answer = bench.deliver(try HandlingBench.text("wait 20", id: 1))
        try await bench.pass(50)
        store.isMuted.withLock { $0 = true }
        #expect(await bench.deliver(try HandlingBench.text("meanwhile", id: 2)) == "answer to meanwhile")
        #expect(await bench.deliver(try HandlingBench.text("meanwhile", id: 2)) == "answer to meanwhile")
        #expect(bench.count("meanwhile") == 1)
        #expect(try await answer == "answer to wait 20")
        #expect(!bench.handling.isStoreWorking)
        store.isMuted.withLock { $0 = false }
        try await Task.sleep(for: .milliseconds(1_100))
        #expect(await bench.deliver(try HandlingBench.text("after", id: 3)) == "answer to after")
        #expect(bench.handling.isStoreWorking)
    }
}

/// The platform's interface, as a test sees it used.
final class RecordingPlatform: PlatformAPI {
    let sent = StoreTestLock<[String]>([])
    let typing = StoreTestLock(0)
    private let errcode: Int?
    private let mostSent: Int

    /// - Parameters:
    ///   - errcode: What messages are refused with.
    ///   - mostSent: How many are taken before.
    init(errcode: Int? = nil, after mostSent: Int = 0) {
        self.errcode = errcode
        self.mostSent = mostSent
    }

    func send(_ message: Reply, to openID: String) async throws(PlatformError) {
        if let errcode, sent.withLock({ $0.count }) >= mostSent {
            throw PlatformError(.refused(errcode: errcode), "refused")
        }
        if case .text(let text) = message.content { sent.withLock { $0.append(text) } }
    }

    func setTyping(_ isTyping: Bool, to openID: String) async throws(PlatformError) {
        typing.withLock { $0 += 1 }
    }

    func media(_ mediaID: MediaID, form: MediaForm, limit: Int) async throws(PlatformError) -> MediaDownload {
        throw PlatformError(.unreachable, "there is none")
    }

    func upload(_ upload: MediaUpload) async throws(PlatformError) -> MediaID {
        throw PlatformError(.unreachable, "there is none")
    }

    func callbackAddresses() async throws(PlatformError) -> [String] { [] }
}
