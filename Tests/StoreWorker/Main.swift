import Glibc
import OfficialAccountBot
import RedisStore
import SQLiteStore

/// A process that uses a store beside others, for the tests:
///
///     StoreWorker increment STORE COUNT    counts a counter up so often, and prints how often it had to try
///     StoreWorker claim STORE COUNT        claims so many keys that others claim too, and prints how many it got
///     StoreWorker open STORE               opens it as a user without rights, and prints what is wrong
///     StoreWorker fill STORE               writes until its file may not grow any more, then raises that limit and goes on
@main
struct Main {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count > 2 else { exit(64) }
        do {
            switch arguments[1] {
            case "increment": print(try await increment(arguments[2], Int(arguments[3]) ?? 0))
            case "claim": print(try await claim(arguments[2], Int(arguments[3]) ?? 0))
            case "open": print(try await open(arguments[2]))
            case "fill": try await fill(arguments[2])
            default: exit(64)
            }
        } catch {
            print("failed: \(error)")
            exit(1)
        }
    }

    private static func store(_ place: String) throws -> any Store {
        if place.hasPrefix("/") { return try SQLiteStore(path: place) }
        return try RedisStore(url: place, timeout: 30_000)
    }

    private static func increment(_ place: String, _ count: Int) async throws -> Int {
        let store = try store(place)
        let key = StoreKey(Array("counter".utf8))
        var tries = 0
        for _ in 0..<count {
            while true {
                tries += 1
                let before = try await store.commit(StoreTransaction(reads: [key])).values[0]
                let number = before.map { Int(String(decoding: $0.bytes, as: UTF8.self)) ?? 0 } ?? 0
                let outcome = try await store.commit(
                    StoreTransaction(
                        conditions: [.init(key, before?.revision ?? 0)],
                        writes: [.init(key, Array(String(number + 1).utf8), lifetime: 600_000)]))
                if outcome.isApplied { break }
            }
        }
        await store.close()
        return tries
    }

    private static func claim(_ place: String, _ count: Int) async throws -> Int {
        let store = try store(place)
        var claimed = 0
        for number in 0..<count {
            let key = StoreKey(Array("message \(number)".utf8))
            let outcome = try await store.commit(
                StoreTransaction(conditions: [.init(key, 0)], writes: [.init(key, [1], lifetime: 600_000)]))
            if outcome.isApplied { claimed += 1 }
        }
        await store.close()
        return claimed
    }

    private static func open(_ place: String) async throws -> String {
        // nobody's numbers, on Debian.
        guard geteuid() != 0 || (setgroups(0, nil) == 0 && setgid(65534) == 0 && setuid(65534) == 0) else { exit(71) }
        do {
            await (try store(place)).close()
            return "opened"
        } catch {
            return "\(error)"
        }
    }

    private static func fill(_ place: String) async throws {
        signal(SIGXFSZ, SIG_IGN)
        let store = try store(place)
        let kept = StoreKey(Array("kept".utf8))
        _ = try await store.commit(StoreTransaction(writes: [.init(kept, [7], lifetime: 600_000)]))
        var limit = rlimit(rlim_cur: 1 << 20, rlim_max: rlim_t.max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        var failure: String?
        for number in 0..<200 where failure == nil {
            let key = StoreKey(Array("large \(number)".utf8))
            do {
                _ = try await store.commit(
                    StoreTransaction(
                        writes: [.init(key, [UInt8](repeating: 1, count: 100_000), lifetime: 600_000)]))
            } catch {
                failure = "\(error)"
            }
        }
        print(failure ?? "nothing failed")
        limit.rlim_cur = rlim_t.max
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        // A file that cannot be opened is left alone for a second.
        for _ in 0..<50 {
            do {
                let key = StoreKey(Array("after".utf8))
                let outcome = try await store.commit(
                    StoreTransaction(writes: [.init(key, [1], lifetime: 600_000)], reads: [kept]))
                print(outcome.values[0]?.bytes == [7] ? "recovered" : "forgot")
                break
            } catch {
                usleep(100_000)
            }
        }
        await store.close()
    }
}
