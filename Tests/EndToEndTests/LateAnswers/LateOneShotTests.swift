import Glibc
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("Late answers: a process for each delivery", .onOwnThreads)
struct LateOneShotTests {
    private static let apology = "出错了，请稍后再试"

    @Test(
        "Apache starts the bot for each delivery: they meet in the store, and what takes too long ends in the apology")
    func apacheCGI() async throws {
        let folder = try TemporaryFolder()
        // Apache gives up root: the program, the store and the runs are for anyone.
        try folder.make(folder: "data", mode: 0o777)
        let program = folder("late-bot")
        let built = "\(PipedProcess.productsFolder)/LateBot"
        guard try run(["install", "-m", "755", built, program]).status == 0 else { throw TestError("no copy") }
        let front = try ApacheFront(
            program: program,
            environment: [
                "WECHAT_FCGI_STORE": "sqlite:\(folder("data/store"))", "WECHAT_FCGI_APOLOGY": Self.apology,
                "LATE_BOT_RUNS": folder("data/runs"),
            ])
        guard case .loopback(let port)? = front.webServer else { throw TestError("no port") }
        let platform = SimulatedPlatform(
            credentials: Credentials(token: try Token(parsing: Account.single.token)),
            target: HTTPTarget("http://127.0.0.1:\(port)\(Account.single.path)"))
        await withTaskGroup { group in
            for (seconds, expected) in [
                (1, "waited 1 #1"), (6, "waited 6 #1"), (11, "waited 11 #1"), (30, Self.apology),
            ] {
                group.addTask {
                    let user = platform.user("o\(seconds)")
                    let report = await user.send(.text("wait \(seconds)"))
                    #expect(report.outcome == .reply(.text(expected)), "\(seconds), \(report), \(front.log)")
                }
            }
            group.addTask {
                // What is left of a long text is asked for, and another question gets its own answer.
                let user = platform.user("oLong")
                await user.send(.text("long 3000"))
                await user.send(.text("hello"))
                await user.send(.text("1"))
                let texts = user.texts
                #expect(texts.count == 3 && texts[1] == "hello", "\(front.log)")
                let all = (texts.first ?? "").filter { "一二三四五六七八九。".contains($0) } + (texts.last ?? "")
                #expect(all.utf8.count == 3000 / 30 * 30, "\(front.log)")
            }
        }
        let runs = try text(ofFile: folder("data/runs")).split(separator: "\n").map { $0.split(separator: " ")[1] }
        for sender in ["o1", "o6", "o11", "o30"] { #expect(runs.count { $0 == sender } == 1, "\(runs)") }
    }
}
