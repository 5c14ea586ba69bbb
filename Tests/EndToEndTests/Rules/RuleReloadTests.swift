import Glibc
import OfficialAccount
import PlatformSimulator
import Synchronization
import TestSupport
import Testing

@Suite("A file of rules that changes", .onOwnThreads)
struct RuleReloadTests {
    private final class Load: Sendable {
        let isOver = Mutex(false)
        let answers = Mutex<[String]>([])
    }

    @Test("Under load the new rules come into force by themselves, and no message is lost")
    func underLoad() async throws {
        let server = try RuledServer("rules: [{any: , reply: version 0}]", processes: 2)
        let load = Load()
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    let user = try server.user("oLoad\(number)")
                    while !load.isOver.withLock({ $0 }) {
                        let text = await user.reads("x")
                        load.answers.withLock { $0.append(text ?? "nothing") }
                    }
                }
            }
            group.addTask {
                defer { load.isOver.withLock { $0 = true } }
                let user = try server.user("oWatcher")
                for version in 1...5 {
                    try server.rewrite("rules: [{any: , reply: version \(version)}]")
                    let isThere = await eventually {
                        // Both processes have to have seen it.
                        var texts: Set<String?> = []
                        for _ in 0..<6 { texts.insert(await user.reads("x")) }
                        return texts == ["version \(version)"]
                    }
                    #expect(isThere, "version \(version): \(server.log)")
                }
            }
            try await group.waitForAll()
        }
        let all = load.answers.withLock { $0 }
        #expect(all.count > 50)
        #expect(all.allSatisfy { $0.hasPrefix("version ") }, "\(Set(all))")
    }

    @Test("A file with a mistake is refused, the rules before it stay, and the log says which mistake")
    func mistake() async throws {
        let server = try RuledServer("rules: [{any: , reply: good}]")
        let user = try server.user()
        #expect(await user.reads("x") == "good")
        try server.rewrite("rules: [{any: , relpy: bad}]")
        #expect(await eventually { server.log.contains("did you mean 'reply'?") }, "\(server.log)")
        #expect(await eventually { server.log.contains("stays in force") }, "\(server.log)")
        #expect(await user.reads("x") == "good")
        try server.rewrite("rules: [{any: , reply: better}]")
        #expect(await eventually { server.log.contains("is in force") })
        #expect(await user.reads("x") == "better")
    }

    @Test("SIGHUP has the file read again where nothing in it has changed, but a credential that it names")
    func hangup() async throws {
        let credentials = try TemporaryFolder()
        try credentials.write("old\n", to: "GREETING")
        let server = try RuledServer(
            "rules: [{any: , reply: '${GREETING}'}]", environment: ["CREDENTIALS_DIRECTORY": credentials.path])
        let user = try server.user()
        #expect(await user.reads("x") == "old")
        try credentials.write("new\n", to: "GREETING")
        server.signal(SIGHUP)
        #expect(await eventually { server.log.contains("is in force") }, "\(server.log)")
        #expect(await user.reads("x") == "new")
    }

    @Test("A dialogue goes on under the new rules")
    func dialogue() async throws {
        let rules = { (text: String) in
            """
            rules:
              - state: there
                reply: \(text)
              - any:
                reply: hello
                set: {state: there}
            """
        }
        let server = try RuledServer(rules("old"))
        let user = try server.user()
        #expect(await user.reads("x") == "hello")
        try server.rewrite(rules("new"))
        #expect(await eventually { server.log.contains("is in force") })
        #expect(await user.reads("x") == "new")
    }
}
