import Logging
import OfficialAccount
import Synchronization
import Testing

@testable import OfficialAccountBot

/// Handling with the times of the platform half as long, and what there is to see of it.
final class HandlingBench: Sendable {
    /// What handlers do; each run is counted by the text of its message.
    struct Runs: Sendable {
        var counts: [String: Int] = [:]
        var attempts: [Int] = []
    }

    struct Failed: Error {}

    let runs = StoreTestLock(Runs())
    let events = StoreTestLock<[String]>([])
    let account: HandlingAccount
    let handling: MessageHandling

    /// By how much all times are longer than a tenth of the platform's, so that a busy machine keeps them too.
    static let stretch: Int64 = 5

    /// A text of three parts.
    static let longText = String(repeating: "一二三四五六七八九。", count: 200)

    static let settings = {
        var settings = HandlingSettings()
        settings.ladder.answer = 450 * stretch
        settings.ladder.hold = 1_000 * stretch
        settings.ladder.last = 1_400 * stretch
        settings.ladder.poll = 20
        settings.handlerTimeout = 30
        return settings
    }()

    init(
        store: any Store = MemoryStore(), late: LateAnswers = LateAnswers(), name: String = "shop",
        platform: (any PlatformAPI)? = nil, settings: HandlingSettings = HandlingBench.settings
    ) {
        account = HandlingAccount(name: name, late: late, platform: platform)
        let runs = runs
        let events = events
        // `wait N` answers after N tenths of a second of the platform's time; what ends with `long`, with the long text.
        let bot = Bot {
            Otherwise { message, context in
                let text = message.fields.text("Content") ?? message.event?.rawValue ?? ""
                runs.withLock {
                    $0.counts[text, default: 0] += 1
                    $0.attempts.append(context.attempt)
                }
                if text == "fail" { throw Failed() }
                if text == "nothing" { return .none }
                let parts = text.split(separator: " ")
                if parts.count > 1, parts[0] == "wait", let time = Int(parts[1]) {
                    try await Task.sleep(for: .milliseconds(Int64(time) * 10 * Self.stretch))
                }
                if text.hasSuffix("long") { return .text(Self.longText) }
                return .text("answer to \(text)")
            }
        }
        handling = MessageHandling(bot: bot, store: store, settings: settings, clock: StoreClock.wall) { event, _, _ in
            events.withLock { $0.append(String(describing: event)) }
        }
    }

    static func text(_ content: String, id: Int, from sender: String = "user", at time: Int = 1) throws -> Message {
        try Message(
            parsing: Array(
                """
                <xml><ToUserName>gh_1</ToUserName><FromUserName>\(sender)</FromUserName><CreateTime>\(time)</CreateTime>\
                <MsgType>text</MsgType><Content>\(content)</Content><MsgId>\(id)</MsgId></xml>
                """.utf8))
    }

    static func event(_ name: String, _ fields: String = "", from sender: String = "user", at time: Int = 1) throws
        -> Message
    {
        try Message(
            parsing: Array(
                """
                <xml><ToUserName>gh_1</ToUserName><FromUserName>\(sender)</FromUserName><CreateTime>\(time)</CreateTime>\
                <MsgType>event</MsgType><Event>\(name)</Event>\(fields)</xml>
                """.utf8))
    }

    /// Delivers once.
    func deliver(_ message: Message) async -> String? {
        switch await handling.answer(message, for: account) {
        case .reply(let reply):
            if case .text(let text) = reply.content { text } else { reply == .none ? "" : "?" }
        case .unanswered, .busy: nil
        }
    }

    /// Delivers as the platform does: three times, one after the other, until there is an answer in time.
    func send(_ message: Message) async -> String? {
        for _ in 0..<3 {
            let answer = StoreTestLock<String??>(nil)
            let task = Task {
                let text = await self.deliver(message)
                answer.withLock { $0 = .some(text) }
            }
            var end = ContinuousClock.now + .milliseconds(500 * Self.stretch)
            while ContinuousClock.now < end {
                if case .some(let text) = answer.withLock({ $0 }) {
                    if let text { return text }
                    break
                }
                let before = ContinuousClock.now
                try? await Task.sleep(for: .milliseconds(5))
                // While this machine stands still, the platform, which is another, is taken to do so, too.
                let late = ContinuousClock.now - before - .milliseconds(55)
                if late > .zero { end += late }
            }
            // One that came just before the platform hung up.
            if case .some(.some(let text)) = answer.withLock({ $0 }) { return text }
            _ = task
        }
        return nil
    }

    /// Lets time pass, in milliseconds of a tenth of the platform's time.
    func pass(_ milliseconds: Int64) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds * Self.stretch))
    }

    /// Waits until no handler runs any more and what they answered is written down.
    func settled() async throws {
        for _ in 0..<6000 where handling.runningCount > 0 { try await Task.sleep(for: .milliseconds(10)) }
    }

    func count(_ text: String) -> Int { runs.withLock { $0.counts[text] ?? 0 } }
}

/// A value behind the lock that the module has.
///
/// Unchecked: the value is reached only with the lock held.
final class StoreTestLock<Value>: @unchecked Sendable {
    private let lock = StoreLock()
    private var value: Value

    init(_ value: sending Value) { self.value = value }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result { lock.withLock { body(&value) } }
}
