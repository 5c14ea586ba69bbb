import Foundation
import Glibc
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

/// What is counted of messages whose answers take their time. A handler begins before its message has been counted, so that
/// every number is waited for.
@Suite("The status: late answers and calls to the platform", .onOwnThreads)
struct StatusLateTests {
    private static let notice = LateHandledOnceTests.notice

    @Test("deliveries that wait for one answer are joined; an answer that is owed is deferred, then collected")
    func collected() async throws {
        let fixture = try StatusFixture("statuscollect")
        let user = try fixture.platform().user("oCollecting")
        let report = await user.send(.text("wait 18"))
        #expect(user.texts == [Self.notice], "\(report), \(fixture.server.log)")
        let joined = report.deliveries.count - 1
        #expect(joined > 0, "\(report)")
        try await fixture.expect(["retries.joined": joined, "late.deferred": 1, "late.collected": 0])
        await user.send(.text("1"))
        #expect(user.texts.last == "waited 18 #1", "\(fixture.server.log)")
        try await fixture.expect(["late.deferred": 1, "late.collected": 1, "late.dropped": 0, "handlers_waiting": 0])
    }

    @Test("a handler that takes longer than handler_timeout is counted by that reason, and so is the apology")
    func timeout() async throws {
        let fixture = try StatusFixture("statustimeout", settings: ["handler_timeout": "6", "apology": "sorry"])
        let user = try fixture.platform().user("oSlow")
        let report = await user.send(.text("wait 60"))
        #expect(user.texts == ["sorry"], "\(report), \(fixture.server.log)")
        try await fixture.expect(["handler_failures.timeout": 1, "handler_failures.error": 0, "apologies": 1])
    }

    @Test("what customer service sends is sent, what it refuses is refused, then collected; the token works for both")
    func customerService() async throws {
        let api = try await LateServer.api()
        let fixture = try StatusFixture("statusservice", late: "customer_service", api: api)
        let platform = try fixture.platform()
        #expect(try fixture.token() == nil)
        let served = platform.user("oServed")
        await served.send(.text("wait 10"))
        #expect(await eventually { served.texts == ["waited 10 #1"] }, "\(fixture.server.log)")
        try await fixture.expect(["late.deferred": 1, "late.sent": 1, "late.refused": 0])

        api.inject(.errcode(48001), for: .customSend)
        let refused = platform.user("oRefused")
        await refused.send(.text("wait 10"))
        try await fixture.expect(["late.deferred": 2, "late.sent": 1, "late.refused": 1])
        await refused.send(.text("1"))
        #expect(refused.texts == ["waited 10 #1"], "\(fixture.server.log)")
        try await fixture.expect(["late.sent": 1, "late.refused": 1, "late.collected": 1])

        let token = try #require(try fixture.token())
        #expect(token["working"] as? Bool == true)
        #expect(token["refreshed"] as? Int ?? 0 > 1_700_000_000)
        #expect(token["failed"] is NSNull && token["failure"] is NSNull, "\(token)")
        let line = try #require(try Self.tokenLine(fixture))
        #expect(line.hasPrefix("fetched 2") && !line.contains("failed"), "\(line)")
        let samples = try fixture.status("prometheus").text
        #expect(samples.contains(Self.sample("up", "1")), "\(samples)")
        #expect(samples.contains(Self.sample("error_code", "0")), "\(samples)")
        #expect(try fixture.status().text.contains(LateServer.appSecret) == false)
        await api.stop()
    }

    @Test("an AppSecret that the platform refuses shows with its errcode in every form, and never itself")
    func wrongSecret() async throws {
        let other = "f123456789abcdef0123456789abcdef"
        let api = try await SimulatedAPI.start(
            appID: AppID(parsing: LateServer.appID), appSecret: AppSecret(parsing: other))
        let fixture = try StatusFixture("statussecret", late: "customer_service", api: api)
        let user = try fixture.platform().user("oSecret")
        await user.send(.text("wait 10"))
        try await fixture.expect(["late.deferred": 1, "late.sent": 0, "late.refused": 1])
        let token = try #require(try fixture.token())
        #expect(token["working"] as? Bool == false)
        #expect(token["refreshed"] is NSNull, "\(token)")
        #expect(token["failed"] as? Int ?? 0 > 1_700_000_000)
        #expect(token["failure"] as? String == "40125")
        let line = try #require(try Self.tokenLine(fixture))
        #expect(line.hasPrefix("FAILING: never fetched; failed 2") && line.hasSuffix(" (40125)"), "\(line)")
        let samples = try fixture.status("prometheus").text
        #expect(samples.contains(Self.sample("up", "0")), "\(samples)")
        #expect(samples.contains(Self.sample("error_code", "40125")), "\(samples)")
        #expect(samples.contains(Self.sample("refreshed_timestamp_seconds", "0")), "\(samples)")
        for query in ["", "json", "prometheus"] {
            let text = try fixture.status(query).text
            #expect(!text.contains(LateServer.appSecret) && !text.contains(other), "\(query)")
        }
        await api.stop()
    }

    @Test("a message is taken over from a process that dies, and from one that stands still, which sees that it was")
    func takeovers() async throws {
        let fixture = try StatusFixture("statustaken", store: "sqlite", processes: 2)
        let platform = try fixture.platform()
        let first = platform.user("oKilled")
        async let sentToKilled = first.send(.text("wait 6"))
        try fixture.server.process(await fixture.server.run(for: first.openID).pid).kill()
        let firstReport = await sentToKilled
        #expect(!first.seen.contains(.faultNotice), "\(firstReport), \(fixture.server.log)")
        try await fixture.expect(["takeovers.taken_over": 1, "takeovers.overtaken": 0])

        try fixture.server.start()
        #expect(try await eventually { try fixture.processes().count == 2 })
        let second = platform.user("oStopped")
        async let sentToStopped = second.send(.text("wait 6"))
        let process = try fixture.server.process(await fixture.server.run(for: second.openID).pid)
        process.signal(SIGSTOP)
        _ = try await fixture.server.run(for: second.openID, number: 2)
        process.signal(SIGCONT)
        let secondReport = await sentToStopped
        #expect(!second.seen.contains(.faultNotice), "\(secondReport), \(fixture.server.log)")
        try await fixture.expect(["takeovers.taken_over": 2, "takeovers.overtaken": 1])
    }

    /// What the status says in its text of the account's access token.
    private static func tokenLine(_ fixture: StatusFixture) throws -> String? {
        let lines = try fixture.status().text.split(separator: "\n")
        let line = lines.first { $0.hasPrefix("  access token:") }
        return line.map { $0.drop { $0 != ":" }.dropFirst().trimmingPrefix { $0 == " " } }.map(String.init)
    }

    private static func sample(_ name: String, _ value: String) -> String {
        "wechat_fcgi_access_token_\(name){account=\"\(LateServer.appID)\"} \(value)\n"
    }
}
