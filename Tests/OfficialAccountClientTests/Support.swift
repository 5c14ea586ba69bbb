import HTTPStub
import Logging
import NIOConcurrencyHelpers
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountClient

/// A store of a test's own, which can fail.
final class TestStore: Store {
    private struct State {
        var values: [StoreKey: (value: StoreValue, end: ContinuousClock.Instant)] = [:]
        var revision: UInt64 = 0
        var isDown = false
        var commits = 0
    }

    private let state = NIOLockedValueBox(State())

    var isShared: Bool { true }
    var commits: Int { state.withLockedValue { $0.commits } }

    /// All that it holds, as one text.
    var text: String {
        state.withLockedValue { state in
            state.values.map { String(decoding: $0.bytes + $1.value.bytes, as: UTF8.self) }.joined(separator: "\n")
        }
    }

    func setDown(_ isDown: Bool) { state.withLockedValue { $0.isDown = isDown } }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> StoreOutcome {
        let outcome: StoreOutcome? = state.withLockedValue { state in
            state.commits += 1
            if state.isDown { return nil }
            let now = ContinuousClock.now
            state.values = state.values.filter { $0.value.end > now }
            let values = transaction.reads.map { state.values[$0]?.value }
            for condition in transaction.conditions
            where (state.values[condition.key]?.value.revision ?? 0) != condition.revision {
                return StoreOutcome(revision: 0, values: values)
            }
            state.revision += 1
            for write in transaction.writes {
                state.values[write.key] = write.value.map {
                    (StoreValue(bytes: $0, revision: state.revision), now + .milliseconds(write.lifetime))
                }
            }
            return StoreOutcome(revision: state.revision, values: values)
        }
        guard let outcome else { throw StoreError("the test's store is down") }
        return outcome
    }
}

/// What the platform of a test knows of tokens.
final class TokenDesk: Sendable {
    private struct State {
        var number = 1
        var made = ContinuousClock.now
    }

    let lifetime: Int
    private let state = NIOLockedValueBox(State())

    init(lifetime: Int = 7200) { self.lifetime = lifetime }

    /// A token as long as the platform says one may be.
    var current: String { state.withLockedValue { TokenDesk.token($0.number) } }

    static func token(_ number: Int) -> String { "T\(number)-" + String(repeating: "x", count: 600) }

    /// Makes the current token invalid, as another program's forced renewal does.
    func change() { state.withLockedValue { $0.number += 1 } }

    func answer(_ request: HTTPStub.Request) -> HTTPStub.Answer {
        if request.text.contains(#""force_refresh":true"#) { change() }
        return .json(#"{"access_token":"\#(current)","expires_in":\#(lifetime)}"#)
    }

    /// Whether a call has the current token.
    func accepts(_ request: HTTPStub.Request) -> Bool { request.query["access_token"] == current }

    static let refusal = HTTPStub.Answer.json(
        #"{"errcode":40001,"errmsg":"invalid credential, access_token is invalid rid: 65f0-1a2b-3c4d"}"#)
    /// A platform that hands out tokens and takes none of them.
    static func serverThatRefusesItsTokens() async throws -> HTTPStub {
        let desk = TokenDesk()
        return try await HTTPStub { $0.path.hasSuffix("stable_token") ? desk.answer($0) : refusal }
    }

    static let ok = HTTPStub.Answer.json(#"{"errcode":0,"errmsg":"ok"}"#)
}

enum Account {
    static let secret = "0123456789abcdef0123456789abcdef"

    static func credentials(_ appSecret: AppSecret? = nil) throws -> Credentials {
        try Credentials(
            token: Token(parsing: "hello"), appID: AppID(parsing: "wx0123456789abcdef"),
            appSecret: appSecret ?? AppSecret(parsing: secret))
    }
}

/// Short times, so that a test need not wait.
let quick = PlatformTimeouts(connect: .seconds(2), call: .seconds(20), silence: .seconds(20), medium: .seconds(60))

func platform(
    _ server: HTTPStub, store: any Store = TestStore(), timeouts: PlatformTimeouts = quick,
    timing: TokenTiming = TokenTiming(), prefix: String = "", appSecret: AppSecret? = nil,
    logger: Logger = Logger(label: "test")
) throws -> PlatformClient {
    PlatformClient(
        credentials: try Account.credentials(appSecret), store: store,
        connections: PlatformConnections(timeouts: timeouts),
        address: try PlatformAddress(parsing: "http://127.0.0.1:\(server.port)\(prefix)"), logger: logger,
        timing: timing)
}

/// Runs a test against a server, which answers token calls by itself.
func withPlatform(
    desk: TokenDesk = TokenDesk(), _ answer: @escaping @Sendable (HTTPStub.Request) -> HTTPStub.Answer,
    _ test: (HTTPStub, TokenDesk) async throws -> Void
) async throws {
    let server = try await HTTPStub { request in
        if request.path.hasSuffix("/cgi-bin/stable_token") { return desk.answer(request) }
        return desk.accepts(request) ? answer(request) : TokenDesk.refusal
    }
    do { try await test(server, desk) } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

/// The error that a call throws.
func failure<Value>(_ call: () async throws(PlatformError) -> Value) async -> PlatformError? {
    do {
        _ = try await call()
        return nil
    } catch { return error }
}

/// Keeps the log lines of a test.
final class LogLines: Sendable {
    private let lines = NIOLockedValueBox<[String]>([])
    var all: [String] { lines.withLockedValue { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: lines) } }

    private struct Handler: LogHandler {
        let lines: NIOLockedValueBox<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            let line = "\(event.level): \(event.message) \(event.metadata ?? [:])"
            lines.withLockedValue { $0.append(line) }
        }
    }
}

/// Counts who passes.
final class Gate: Sendable {
    private let count = NIOLockedValueBox(0)
    func pass() -> Int {
        count.withLockedValue {
            $0 += 1
            return $0
        }
    }
}

/// A port that is known only when the server runs.
final class LockedPort: Sendable {
    private let port = NIOLockedValueBox(0)
    var value: Int {
        get { port.withLockedValue { $0 } }
        set { port.withLockedValue { $0 = newValue } }
    }
}

/// The ID of a medium; the text must be one.
func medium(_ text: String) -> MediaID {
    guard let id = MediaID(rawValue: text) else { preconditionFailure("not a media ID") }
    return id
}
