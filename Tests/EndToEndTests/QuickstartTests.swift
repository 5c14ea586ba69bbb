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
        let quickstart = try ChildProcess(
            [
                Checkout.deploy("quickstart"), "--port", "\(port)", "--token", "QuickToken", "--program", Program.path,
            ], environment: programEnvironment(["TMPDIR": try folder.make(folder: "t")]), log: folder("log"))
        let deadline = Deadline(seconds: 60)
        while try !text(ofFile: folder("log")).contains("until Ctrl-C") {
            if deadline.hasPassed || quickstart.exitStatus != nil { throw TestError(quickstart.logTail) }
            deadline.pause()
        }
        #expect(try leftovers(in: folder("t")).count == 1)
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
        #expect(try leftovers(in: folder("t")).isEmpty)
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
        let folder = try TemporaryFolder()
        let port = try Endpoint.freePort()
        let outcome = try run(
            [Checkout.deploy("quickstart"), "--port", "\(port)", "--program", try path(ofProgram: "false")],
            environment: programEnvironment(["TMPDIR": folder.path]))
        #expect(outcome.status == 1)
        #expect(!Endpoint.loopback(port: port).answers)
        #expect(try leftovers(in: folder.path).isEmpty)
    }

    @Test(
        "arguments that make no sense are explained",
        arguments: [["--port"], ["--port", "0"], ["--port", "x"], ["--token", "a b"], ["--nonsense"], ["nonsense"]])
    func misuse(arguments: [String]) throws {
        let outcome = try run([Checkout.deploy("quickstart")] + arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("Usage"))
    }

    /// What quick starts have made in the folder that they were told to work in and not removed.
    private func leftovers(in folder: String) throws -> [Substring] {
        try run(["find", folder, "-mindepth", "1", "-maxdepth", "1", "-name", "wechat-quickstart.*"]).text
            .split(separator: "\n")
    }
}
