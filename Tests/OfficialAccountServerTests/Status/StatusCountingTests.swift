import FastCGI
import OfficialAccount
import OfficialAccountBot
import TestSupport
import Testing

@testable import OfficialAccountServer

@Suite("What the status counts")
struct StatusCountingTests {
    private static let names = ["WECHAT_APP_ID": "wxname"]

    private func name(_ metric: String, _ labels: String) -> String {
        "wechat_fcgi_\(metric){account=\"wxname\",\(labels)}"
    }

    @Test("messages by type, events by name, and what they got")
    func messages() async throws {
        let bench = try StatusBench(Self.names)
        for id in 1...3 as ClosedRange<UInt64> { _ = await bench.send(Platform.text("x", id: id)) }
        for event in ["CLICK", "subscribe"] { _ = await bench.send(StatusBench.event(event)) }
        #expect(await bench.sample(name("messages_total", "type=\"text\"")) == 3)
        #expect(await bench.sample(name("messages_total", "type=\"event\"")) == 2)
        #expect(await bench.sample(name("events_total", "event=\"CLICK\"")) == 1)
        #expect(await bench.sample(name("answers_total", "outcome=\"reply\"")) == 3)
        #expect(await bench.sample(name("answers_total", "outcome=\"success\"")) == 2)
        #expect(await bench.sample("wechat_fcgi_answer_duration_seconds_count{account=\"wxname\"}") == 5)
        #expect(await bench.sample("wechat_fcgi_answer_duration_seconds_bucket{account=\"wxname\",le=\"5\"}") == 5)
    }

    @Test("a message that comes again is one more delivery, and is said to be")
    func repeated() async throws {
        let bench = try StatusBench(Self.names)
        for _ in 0..<3 { _ = await bench.send(Platform.text("x")) }
        #expect(await bench.sample(name("messages_total", "type=\"text\"")) == 3)
        #expect(await bench.sample(name("retries_total", "how=\"repeated\"")) == 2)
    }

    @Test("types and events that nobody documents share one name, however many are made up")
    func madeUp() async throws {
        let bench = try StatusBench(Self.names)
        for number in 0..<50 {
            _ = await bench.send(StatusBench.event("made_up_\(number)"))
            _ = await bench.send(
                "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>"
                    + "<MsgType>madeup\(number)</MsgType><MsgId>\(number)</MsgId></xml>")
        }
        #expect(await bench.sample(name("events_total", "event=\"other\"")) == 50)
        #expect(await bench.sample(name("messages_total", "type=\"other\"")) == 50)
        #expect(await !bench.status("prometheus").text.contains("made"))
    }

    @Test("accounts that anyone can bring about are one")
    func tokens() async throws {
        let account = try Account(tokenIn: PathPattern(parsing: "/demo/{token}"))
        let bench = try StatusBench(accounts: Accounts([account]))
        for number in 0..<100 {
            let token = "AnyToken\(number)"
            let answer = await bench.send(Platform.text("x"), path: "/demo/\(token)", token: token)
            #expect(answer.status == 200)
            _ = await bench.send(Platform.text("x"), path: "/demo/\(token)", token: token)
        }
        let text = await bench.status("prometheus").text
        #expect(text.contains("wechat_fcgi_messages_total{account=\"/demo/{token}\",type=\"text\"} 200\n"))
        #expect(text.contains("wechat_fcgi_retries_total{account=\"/demo/{token}\",how=\"repeated\"} 100\n"))
        #expect(!text.contains("AnyToken"))
    }

    @Test("accounts by the web server's variables are counted by themselves up to a number")
    func manyAccounts() async throws {
        let bench = try StatusBench()
        for number in 0..<200 {
            var request = Request.test(
                query: Platform(token: "Token\(number)").query, body: Platform.text("x", id: UInt64(number)))
            request.parameters.append(name: "WECHAT_TOKEN", value: "Token\(number)")
            request.parameters.append(name: "WECHAT_APP_ID", value: "wx\(number)")
            #expect(await bench.exchange.respond(to: request).status == 200)
        }
        let text = await bench.status("prometheus").text
        let lines = text.split(separator: "\n").filter {
            $0.hasPrefix("wechat_fcgi_messages_total") && $0.contains("\"text\"")
        }
        #expect(lines.count == Counting.mostAccounts + 1)
        #expect(lines.contains { $0.contains("account=\"other\"") })
    }

    @Test("what becomes of late answers, each in its own count")
    func late() async throws {
        let bench = try StatusBench(Self.names)
        _ = await bench.send(Platform.text("x"))
        let account = HandlingAccount(name: "wxname")
        let events: [HandlingEvent] = [
            .deferred, .collected, .sentLater, .sendingFailed(PlatformError(.unreachable, "down")), .dropped,
            .erased(answers: 2), .crowdedOut(answers: 3),
        ]
        for event in events { bench.service.counting.count(event, account) }
        for (outcome, count) in [
            ("deferred", 1), ("collected", 1), ("sent", 1), ("refused", 1), ("dropped", 1), ("erased", 2),
            ("crowded_out", 3),
        ] {
            #expect(await bench.sample(name("late_answers_total", "outcome=\"\(outcome)\"")) == Double(count))
        }
    }

    @Test("requests that are refused are counted by kind, and no account is made for them")
    func refusals() async throws {
        let bench = try StatusBench(Self.names)
        _ = await bench.exchange.respond(to: .test("GET", query: "signature=x&timestamp=1&nonce=2"))
        _ = await bench.exchange.respond(to: .test("PUT"))
        _ = await bench.send("not xml")
        #expect(await bench.sample("wechat_fcgi_refusals_total{kind=\"refused\"}") == 1)
        #expect(await bench.sample("wechat_fcgi_refusals_total{kind=\"method\"}") == 1)
        #expect(await bench.sample("wechat_fcgi_refusals_total{kind=\"malformed\"}") == 1)
    }

    @Test("a handler that fails, and the apology for it")
    func failures() async throws {
        let bench = try StatusBench(Self.names, late: LateAnswers(apology: "sorry"))
        _ = await bench.send(Platform.text("throw"))
        #expect(await bench.sample(name("handler_failures_total", "reason=\"error\"")) == 1)
        #expect(await bench.sample("wechat_fcgi_apologies_total{account=\"wxname\"}") == 1)
    }

    @Test("requests are in flight until they are answered, the one that asks among them")
    func inFlight() async throws {
        let gate = Gate()
        let bench = try StatusBench(
            Self.names,
            bot: Bot {
                On(.text) { _, _ in
                    await gate.pass()
                    return .text("late")
                }
            })
        #expect(await bench.sample("wechat_fcgi_requests_in_flight") == 1)
        let task = Task { await bench.send(Platform.text("x")) }
        #expect(await eventually { await bench.sample("wechat_fcgi_handlers_waiting") == 1 })
        #expect(await bench.sample("wechat_fcgi_requests_in_flight") == 2)
        await gate.open()
        _ = await task.value
        #expect(await bench.sample("wechat_fcgi_requests_in_flight") == 1)
        #expect(await eventually { await bench.sample("wechat_fcgi_handlers_waiting") == 0 })
    }

    @Test(
        "no form of it holds what users write, who they are, or what is secret", arguments: ["", "json", "prometheus"])
    func nothingPrivate(query: String) async throws {
        let bench = try StatusBench(
            Self.names.merging(["WECHAT_APP_SECRET": "0123456789abcdef0123456789abcdef"]) { $1 })
        _ = await bench.send(Platform.text("a private matter"))
        _ = await bench.send(StatusBench.event("CLICK"))
        _ = await bench.send(Platform.text("throw", id: 7))
        let text = await bench.status(query).text
        #expect(text.contains("wxname"))
        for secret in ["private", "oUser", "oSecretUser", "hello", "0123456789abcdef", "gh_account", "key"] {
            #expect(!text.contains("\"\(secret)") && !text.contains(" \(secret)"), "\(secret)")
        }
    }

    @Test("the store's state is told, and since when")
    func store() async throws {
        let bench = try StatusBench(Self.names)
        bench.service.counting.count(.storeFailed(StoreError("down")), nil)
        bench.service.counting.count(.storeFailed(StoreError("down")), nil)
        #expect(await bench.sample("wechat_fcgi_processes_without_store") == 1)
        #expect(await bench.status("json").text.contains("\"store\":{\"working\":false,\"since\":"))
        #expect(await bench.status().text.contains("NOT WORKING since 20"))
        bench.service.counting.count(.storeRecovered, nil)
        #expect(await bench.sample("wechat_fcgi_processes_without_store") == 0)
        #expect(await bench.sample("wechat_fcgi_store_failures_total") == 2)
    }
}
