import Foundation
import TestSupport
import Testing

/// What the other suites do not already prove of the files in deploy/ by using them.
@Suite("Files to copy")
struct DeployFilesTests {
    @Test("systemd finds nothing wrong with the units")
    func units() throws {
        let folder = try TemporaryFolder()
        for unit in ["wechat-fcgi.service", "wechat-fcgi.socket"] {
            // It looks whether the program is there.
            try folder.write(
                text(ofFile: Checkout.deploy("systemd/\(unit)"))
                    .replacing("/usr/bin/wechat-fcgi", with: Program.path), to: unit)
        }
        let outcome = try run(
            ["systemd-analyze", "verify", "--man=no", folder("wechat-fcgi.service"), folder("wechat-fcgi.socket")])
        let complaints = outcome.errorText.split(separator: "\n").filter { $0.contains("wechat-fcgi") }
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(complaints.isEmpty)
    }

    @Test("systemd finds the service hardly exposed")
    func hardening() throws {
        let outcome = try run([
            "systemd-analyze", "security", "--offline=true", "--threshold=20",
            Checkout.deploy("systemd/wechat-fcgi.service"),
        ])
        #expect(outcome.status == 0, "\(outcome.text)")
    }

    @Test("the service's bound on memory is above what the limits that are there by themselves can take")
    func memory() throws {
        let unit = try Unit("wechat-fcgi.service")
        let bound = try #require(try Int(unit["MemoryMax"].replacing(/M$/, with: "")))
        let help = try run([Program.path, "help", "serve"], environment: programEnvironment()).text
        let text = try #require(help.split(separator: "--max-requests").dropFirst().first)
        let requests = try #require(text.firstMatch(of: /default: ([0-9]+)/).flatMap { Int($0.1) })
        // README: a message that a rule forwards; the program at rest; what a store remembers.
        #expect(bound > requests * 50 / 1024 + 23 + 64)
    }

    @Test("the example configuration as it is leaves README's location block the account, under the units")
    func exampleConfigurationAsItIs() throws {
        let front = try NginxFront(.exampleFile, backend: .socketActivation)
        // The block as it is, and once more with an owner's values in it.
        for account in [Account.single, .variables] {
            let response = try front.answer(to: account.verification(echostr: "12345"))
            #expect(response.status == 200, "\(account.path)")
            #expect(response.text == "12345", "\(account.path)")
            let message = SampleMessage.text("hello")
            #expect(try account.read(front.answer(to: account.delivery(of: message.xml))) == message.reply)
        }
    }

    @Test("the accounts of the example configuration serve, once uncommented")
    func exampleAccounts() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            Checkout.deploy(
                "config/wechat-fcgi.yaml", edits: ["\n#accounts:": "\naccounts:", "\n#  ": "\n  "]),
            to: "wechat-fcgi.yaml")
        let server = try Server(in: folder, ["--config", file], environment: [:])
        #expect(try server.verify(Account(path: "/wechat", token: "YourToken")))
        #expect(try server.answer(to: Account(path: "/wechat2", token: "YourToken").verification()).status == 404)
        let secure = Account(
            path: "/wechat/club", token: "AnotherToken", key: Account.firstKey, mode: .secure)
        let message = SampleMessage.text("hello")
        #expect(try secure.read(server.answer(to: secure.delivery(of: message.xml))) == message.reply)
    }

    @Test(
        "an account of a file answers at its path and below it, with each web server's file as it is",
        arguments: Front.allCases)
    func exampleRules(way: Front) async throws {
        for path in ["/wechat", "/wechat/", "/wechat/below"] {
            var account = Account.example
            account.path = path
            let response = try await way.answer(to: account.verification(echostr: "12345"), setup: .exampleRules)
            #expect(response.status == 200, "\(path)")
            #expect(response.text == "12345", "\(path)")
        }
        let message = SampleMessage.text("hello")
        let answer = try await way.answer(to: Account.example.delivery(of: message.xml), setup: .exampleRules)
        #expect(try Account.example.read(answer) == message.reply)
        // What only begins alike is no concern of the program's.
        let elsewhere = HTTPRequest("GET", "/wechats?echostr=1")
        // HAProxy has nobody else to hand it to.
        let status = way == .haproxy ? 503 : 404
        #expect(try await way.answer(to: elsewhere, setup: .exampleRules).status == status)
    }

    @Test("README's location block is the file's")
    func readme() throws {
        let block = try text(ofFile: Checkout.deploy("nginx/wechat.conf"))
            .drop { $0 != "\n" }.split(separator: "location =", maxSplits: 1).last.map { "location =\($0)" }
        #expect(try text(ofFile: "\(Checkout.path)/README.md").contains(try #require(block)))
    }

    @Test(
        "a message is handed to another process when one has died over it",
        arguments: [Front.nginxWithUnixSocket, .haproxy])
    func repeatsMessages(way: Front) throws {
        let folder = try TemporaryFolder()
        let endpoint = Endpoint.unix(folder("s"))
        let listener = try endpoint.listen()
        defer { close(listener) }
        #expect(chmod(folder("s"), 0o666) == 0)
        // The first connection ends without an answer, as that of a process that is killed; the second is answered.
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 65536)
            for attempt in 0..<2 {
                let connection = accept(listener, nil, nil)
                _ = read(connection, &buffer, buffer.count)
                if attempt == 1 {
                    FastCGIExchange.sendAnswer("Content-Type: text/plain\r\n\r\nsuccess", to: connection)
                }
                close(connection)
            }
        }
        let front: any RunningFront =
            way == .haproxy ? try HAProxyFront(socket: folder("s")) : try NginxFront(endpoint: endpoint)
        let response = try front.answer(to: Account.single.delivery(of: SampleMessage.text("hello").xml))
        #expect(response.status == 200)
        #expect(response.text == "success")
    }

    @Test("when the platform hangs up nginx leaves the program too, and repeats nothing by itself")
    func leavesWithItsClient() throws {
        let folder = try TemporaryFolder()
        let endpoint = Endpoint.unix(folder("s"))
        let listener = try endpoint.listen()
        defer { close(listener) }
        #expect(chmod(folder("s"), 0o666) == 0)
        let front = try NginxFront(endpoint: endpoint)
        let client = try #require(try front.webServer?.connect())
        try sendAll(Account.single.delivery(of: SampleMessage.text("hello").xml).bytes, to: client)
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        #expect(read(connection, &buffer, buffer.count) > 0)
        // As long as the platform waits, and longer than an answer may take.
        sleep(7)
        #expect(recv(connection, &buffer, buffer.count, Int32(MSG_DONTWAIT)) < 0)
        close(client)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        #expect(read(connection, &buffer, buffer.count) == 0)
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        #expect(accept(listener, nil, nil) < 0)
    }
}
