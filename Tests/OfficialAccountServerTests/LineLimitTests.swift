import FastCGI
import OfficialAccount
import Testing

@testable import OfficialAccountServer

@Suite("How many lines of a kind the log gets")
struct LineLimitTests {
    private static func bench() throws -> Bench {
        Bench(
            try Accounts([
                Account(path: PathPattern(parsing: "/a"), credentials: Credentials(token: Token(parsing: "atoken"))),
                Account(path: PathPattern(parsing: "/b"), credentials: Credentials(token: Token(parsing: "btoken"))),
                Account(tokenIn: PathPattern(parsing: "/demo/{token}")),
            ]))
    }

    /// What anybody can send, each a reason of its own.
    private static let junk: [Request] = [
        .test("PUT", "/a"), .test("GET", "/a"), .test("GET", "/nowhere"),
        .test("GET", "/a", query: "signature=x&timestamp=1&nonce=" + String(repeating: "1", count: 1000)),
        .test("POST", "/b", query: "signature=x&timestamp=1&nonce=1", body: "x"),
    ]

    @Test("what anybody can send leaves room for the line that tells an owner what to mend")
    func ownLine() async throws {
        let bench = try Self.bench()
        for _ in 0..<50 {
            for request in Self.junk { _ = await bench.respond(request) }
        }
        #expect(bench.lines.all.count == 50)

        let before = bench.lines.all.count
        _ = await bench.respond(.test("GET", "/a", query: Platform(token: "wrong").query))
        let behind = Platform(token: "atoken", timestamp: Platform.now - 700).query
        _ = await bench.respond(.test("GET", "/a", query: behind))
        let ahead = Platform(token: "atoken", timestamp: Platform.now + 700).query
        _ = await bench.respond(.test("GET", "/a", query: ahead))
        let lines = bench.lines.all.dropFirst(before)
        #expect(lines.count == 3)
        for (line, reason) in zip(lines, ["is the Token the one", "700 s behind", "700 s ahead"]) {
            #expect(line.contains(reason) && line.contains("account=/a"))
        }
    }

    @Test("numbers in a reason and Tokens in a path make no kinds of their own")
    func noKindsOfClients() async throws {
        let bench = try Self.bench()
        for number in 0..<40 {
            let query = Platform(token: "atoken", timestamp: Platform.now - 700 - Int64(number)).query
            _ = await bench.respond(.test("GET", "/a", query: query))
        }
        #expect(bench.lines.all.count == 10)
        for number in 0..<40 {
            let body = String(repeating: "\n", count: number) + "<"
            _ = await bench.respond(.test("POST", "/a", query: Platform(token: "atoken").query, body: body))
        }
        #expect(bench.lines.all.count == 20)
        for number in 0..<40 { _ = await bench.respond(.test("GET", "/demo/token\(number)")) }
        #expect(bench.lines.all.count == 30)
    }

    @Test("a handler that fails for one account, or in one way, does not hide another")
    func handlers() async throws {
        let bench = try Self.bench()
        for (path, token) in [("/a", "atoken"), ("/b", "btoken")] {
            for _ in 0..<20 {
                _ = await bench.respond(
                    .test("POST", path, query: Platform(token: token).query, body: Platform.text("throw")))
            }
        }
        #expect(bench.lines.all.count == 20)
    }

    @Test("kinds beyond the most share one count, and make room in the next minute")
    func mostKinds() {
        var limiter = LineLimiter<Int>(linesPerMinute: 2, mostKinds: 100)
        var admitted = 0
        for kind in 0..<10_000 where limiter.admit(kind, second: 0) != nil { admitted += 1 }
        #expect(admitted == 102)
        #expect(limiter.count == 101)
        #expect(limiter.admit(5, second: 1) == 0)
        #expect(limiter.admit(20_000, second: 60) == 0)
        #expect(limiter.count <= 101)
        admitted = 0
        for kind in 0..<10_000 where limiter.admit(kind, second: 61) != nil { admitted += 1 }
        #expect((100...103).contains(admitted))
        #expect(limiter.count <= 101)
    }
}
