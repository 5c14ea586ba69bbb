import Foundation
import Glibc
import TestSupport
import Testing

// On threads of its own: the browsers' tests, which run at the same time, block the shared ones for seconds.
@Suite("The status", .serialized, .onOwnThreads)
struct StatusTests {
    @Test("several processes are added up, and what was counted stays when one is killed")
    func severalProcesses() async throws {
        let fixture = try StatusFixture("several", processes: 3)
        #expect(try await eventually { try fixture.processes().count == 3 })
        for number in 0..<120 { try fixture.send("hello \(number)") }
        #expect(try await eventually { try fixture.count("messages.text") == 120 })
        let processes = try fixture.processes()
        #expect(processes.count == 3)

        let busiest = try #require(processes.max { $0.value < $1.value }).key
        let before = try fixture.count("requests")
        try fixture.server.process(busiest).kill()
        #expect(try fixture.count("messages.text") == 120)
        #expect(try fixture.count("requests") > before)
        #expect(try fixture.processes().count == 2)
        #expect(try fixture.processes()[busiest] == nil)

        // Another one in its place, as a service manager would start it.
        try fixture.server.start()
        #expect(try await eventually { try fixture.processes().count == 3 })
        for number in 0..<30 { try fixture.send("again \(number)") }
        #expect(try await eventually { try fixture.count("messages.text") == 150 })
        #expect(try fixture.count("answer_time.count") == 150)
    }

    @Test("sums do not go down while processes come, go and are killed")
    func neverDown() async throws {
        let fixture = try StatusFixture("restless", processes: 2)
        var highest = 0
        for round in 0..<6 {
            for number in 0..<20 { try fixture.send("\(round) \(number)") }
            let count = try fixture.count("messages.text")
            #expect(count >= highest)
            highest = count
            let pid = try #require(try fixture.processes().keys.min())
            try fixture.server.start()
            if round.isMultiple(of: 2) {
                try fixture.server.process(pid).kill()
            } else {
                try fixture.server.process(pid).signal(SIGTERM)
                #expect(try fixture.server.process(pid).waitForExit(within: 30) == 0)
            }
            #expect(try fixture.count("messages.text") >= highest)
        }
        // Of one that is killed at most the last second is lost.
        #expect(try fixture.count("messages.text") <= 120)
        #expect(highest >= 60)
    }

    @Test("Prometheus finds nothing wrong with its form")
    func prometheus() throws {
        let fixture = try StatusFixture("promtool")
        try fixture.send("hello")
        try fixture.send("fail")
        let response = try fixture.status("prometheus")
        #expect(response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        let outcome = try run(["promtool", "check", "metrics"], input: response.body)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.errorText.isEmpty && outcome.text.isEmpty, "\(outcome.text)\(outcome.errorText)")
        for line in response.text.split(separator: "\n") where line.hasPrefix("# TYPE") && line.hasSuffix("counter") {
            #expect(line.contains("_total "))
        }
        #expect(response.text.contains("le=\"5\"} 2\n"))
    }

    @Test("only clients of the machine see it, whatever they say of themselves")
    func access() throws {
        let fixture = try StatusFixture("access")
        func status(from address: String) throws -> Int {
            let request = HTTPRequest("GET", "/wechat-status?json")
            let variables = request.cgiVariables.merging(
                ["REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": "127.0.0.1"]) { $1 }
            return try FastCGIExchange.answer(variables: variables, body: [], from: fixture.server.socket).status
        }
        #expect(try status(from: "127.0.0.1") == 200)
        #expect(try status(from: "192.0.2.1") == 403)
        #expect(try fixture.status().status == 200)
        let post = HTTPRequest("POST", "/wechat-status", body: .bytes([0x78]))
        #expect(try post.send(to: #require(HTTPAddress(fixture.address)).endpoint).status == 405)
    }

    @Test("it is answered while the server is full, and says how full it is")
    func full() async throws {
        let fixture = try StatusFixture("full", settings: ["max_requests": "1"])
        let waiting = try fixture.begin("wait 8")
        defer { close(waiting) }
        #expect(try await eventually { try fixture.count("handlers_waiting") == 1 })
        #expect(try fixture.status("html").status == 200)
        #expect(try fixture.send("one too many").status == 503)
        // By the server, or by handling in the moment before the server has noted that it waits.
        let counts = try fixture.counts()
        let refused = ["server.too_many_requests", "refusals.busy"].map { StatusFixture.count(counts, $0) }
        #expect(refused == [1, 0] || refused == [0, 1], "\(refused)")
        #expect(try await eventually { try fixture.count("handlers_waiting") == 0 })
    }

    @Test("what becomes of late answers and of failures is counted")
    func late() async throws {
        let fixture = try StatusFixture("lateness", late: "off", settings: ["apology": "sorry"])
        try fixture.send("fail")
        #expect(try fixture.send("wait 5").text == "success")
        #expect(try await eventually { try fixture.count("late.dropped") == 1 })
        let counts = try fixture.counts()
        #expect(StatusFixture.count(counts, "handler_failures.error") == 1)
        #expect(StatusFixture.count(counts, "apologies") == 1)
        #expect(StatusFixture.count(counts, "answer_time.count") == 2)
        let slowest = (counts["answer_time"] as? [String: Any])?["max"] as? Double ?? 0
        #expect(slowest > 4.4 && slowest < 60)
    }

    @Test("requests that are processes of their own are counted too")
    func plainCGI() throws {
        let folder = try TemporaryFolder()
        func answer(_ request: HTTPRequest) throws -> HTTPResponse {
            let settings = [
                "WECHAT_TOKEN": Account.single.token, "WECHAT_FCGI_STATUS": "/wechat-status",
                "WECHAT_FCGI_STATUS_FOLDER": folder("status"),
            ]
            let outcome = try run(
                [Program.path], environment: programEnvironment(request.cgiVariables.merging(settings) { $1 }),
                input: request.bodyBytes, within: 60)
            #expect(outcome.errorText.isEmpty)
            return try HTTPResponse(cgiOutput: outcome.output)
        }
        for number in 0..<5 {
            #expect(try answer(Account.single.delivery(of: SampleMessage.text("\(number)").xml)).status == 200)
        }
        let text = try answer(HTTPRequest("GET", "/wechat-status")).text
        #expect(text.contains("messages text:                   5\n"), "\(text)")
        #expect(try answer(HTTPRequest("GET", "/wechat-status")).text.contains("requests:                        7\n"))
    }

    @Test("a folder that cannot be used is said at the start")
    func wrongFolder() throws {
        let folder = try TemporaryFolder()
        try folder.make(folder: "open", mode: 0o755)
        let outcome = try run(
            [
                Program.path, "serve", "--listen", "unix:\(folder("s"))", "--status", "/status", "--status-folder",
                folder("open"),
            ], environment: programEnvironment(), within: 30)
        #expect(outcome.status == 78)
        #expect(
            outcome.errorText == "status_folder: others may look into \(folder("open")): chmod 700 \(folder("open"))\n")
    }
}

/// An address as a browser has it.
private struct HTTPAddress {
    let endpoint: Endpoint

    init?(_ text: String) {
        guard let url = URL(string: text), let port = url.port, let port = UInt16(exactly: port) else { return nil }
        endpoint = .loopback(port: port)
    }
}

@Suite("Log lines of the program")
struct LogFormTests {
    @Test("with log_format json every line is an object")
    func json() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, ["--log-format", "json", "--log-level", "info"])
        _ = try server.answer(to: Account.single.delivery(of: SampleMessage.text("hello").xml))
        _ = try server.answer(to: Account.single.verification(echostr: nil))
        let lines = try text(ofFile: folder("log")).split(separator: "\n")
        #expect(lines.count >= 3)
        for line in lines {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            #expect(object["ts"]?.hasSuffix("Z") == true)
            #expect(["info", "notice", "warning"].contains(object["level"]))
            #expect(object["message"]?.isEmpty == false)
        }
        #expect(lines.contains { $0.contains("\"message\":\"answered: text\"") && $0.contains("\"message_id\":\"") })
    }

    @Test("lines have priorities where the stream is the journal's, and nowhere else", arguments: [true, false])
    func journal(isJournal: Bool) throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "log")
        var status = stat()
        #expect(stat(folder("log"), &status) == 0)
        let stream = "\(status.st_dev):\(status.st_ino + (isJournal ? 0 : 1))"
        let server = try Server(in: folder, environment: ["WECHAT_TOKEN": "t0ken", "JOURNAL_STREAM": stream])
        _ = try server.verify(.single)
        let lines = try text(ofFile: folder("log")).split(separator: "\n")
        #expect(!lines.isEmpty)
        for line in lines { #expect(line.hasPrefix("<5>2") == isJournal, "\(line)") }
    }
}
