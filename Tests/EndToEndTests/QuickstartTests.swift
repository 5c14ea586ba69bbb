import Glibc
import TestSupport
import Testing

@Suite("deploy/quickstart, but for the building", .serialized)
struct QuickstartTests {
    @Test(
        "it shows a message and its reply, serves, and leaves nothing when interrupted", arguments: [SIGINT, SIGTERM])
    func serves(signal: Int32) throws {
        let folder = try TemporaryFolder()
        let port = try Endpoint.freePort()
        let before = try leftovers()
        let quickstart = try ChildProcess(
            [
                Checkout.deploy("quickstart"), "--port", "\(port)", "--token", "QuickToken", "--program", Program.path,
            ], environment: programEnvironment(), log: folder("log"))
        let deadline = Deadline(seconds: 60)
        while try !text(ofFile: folder("log")).contains("until Ctrl-C") {
            if deadline.hasPassed || quickstart.exitStatus != nil { throw TestError(quickstart.logTail) }
            deadline.pause()
        }
        let log = try text(ofFile: folder("log"))
        #expect(log.contains("POST http://127.0.0.1:\(port)/wechat?signature="))
        #expect(log.contains("status 200"))
        #expect(log.contains("<Content><![CDATA[你好]]></Content>"))
        #expect(log.contains("Token  QuickToken"))

        let account = Account(path: "/wechat", token: "QuickToken")
        let response = try account.verification(echostr: "12345").send(to: .loopback(port: port))
        #expect(response.text == "12345")

        quickstart.signal(signal)
        #expect(quickstart.waitForExit(within: 30) == (signal == SIGINT ? 0 : 143))
        #expect(!Endpoint.loopback(port: port).answers)
        #expect(try leftovers().subtracting(before).isEmpty)
    }

    @Test("a port in use is said to be, before anything is done")
    func portInUse() throws {
        let port = try Endpoint.freePort()
        let listener = try Endpoint.loopback(port: port).listen()
        defer { close(listener) }
        let outcome = try run([Checkout.deploy("quickstart"), "--port", "\(port)", "--program", Program.path])
        #expect(outcome.status == 1)
        #expect(outcome.errorText.contains("port \(port) is in use"))
    }

    @Test("a program that does not serve is an error that leaves nothing")
    func brokenProgram() throws {
        let before = try leftovers()
        let port = try Endpoint.freePort()
        let outcome = try run([
            Checkout.deploy("quickstart"), "--port", "\(port)", "--program", try path(ofProgram: "false"),
        ])
        #expect(outcome.status == 1)
        #expect(!Endpoint.loopback(port: port).answers)
        #expect(try leftovers().subtracting(before).isEmpty)
    }

    @Test(
        "arguments that make no sense are explained",
        arguments: [["--port"], ["--port", "0"], ["--port", "x"], ["--token", "a b"], ["--nonsense"], ["nonsense"]])
    func misuse(arguments: [String]) throws {
        let outcome = try run([Checkout.deploy("quickstart")] + arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("Usage"))
    }

    /// The folders that quick starts have made.
    private func leftovers() throws -> Set<String> {
        let outcome = try run(["find", "/tmp", "-maxdepth", "1", "-name", "wechat-quickstart.*"])
        return Set(outcome.text.split(separator: "\n").map(String.init))
    }
}
