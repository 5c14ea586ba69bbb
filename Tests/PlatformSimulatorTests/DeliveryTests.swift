import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("How messages are delivered")
struct DeliveryTests {
    static let silence = Script.sendAndHold([])

    @Test("The platform's own rule is three deliveries of five seconds")
    func rule() {
        #expect(DeliveryRule() == DeliveryRule(patience: .seconds(5), deliveries: 3, pause: .zero))
    }

    @Test("A message without an answer comes three times, the same each time and freshly signed, and is left each time")
    func silent() async throws {
        let server = try ScriptedServer { _ in Self.silence }
        let platform = try Accounts.platform(server, in: .secure, patience: .seconds(4), deliveries: 3)
        let user = platform.user("oAlice")
        let report = await user.send(.text("你好"))
        #expect(report.outcome == .faultNotice(.timeout(after: .seconds(4))))
        #expect(user.texts == [ShownContent.faultNoticeText])
        #expect(report.deliveries.map(\.number) == [1, 2, 3])
        #expect(report.deliveries.allSatisfy { $0.duration >= .seconds(4) && $0.answer == nil })

        #expect(await eventually { server.left.count == 3 })
        let callback = Callback(credentials: try Accounts.credentials(.secure))
        let messages = try server.requests.map { try Accounts.open($0, callback).message }
        #expect(messages.count == 3)
        #expect(Set(messages.map(\.messageID)).count == 1)
        #expect(messages.allSatisfy { $0 == messages[0] && $0.messageID != nil })
        #expect(Set(server.requests.map { $0.query["nonce"] }).count == 3)
        #expect(Set(server.requests.map { $0.query["msg_signature"] }).count == 3)
    }

    @Test("A connection that stalls in the middle of its answer is left too")
    func stalled() async throws {
        let whole = Script.response(Array(Accounts.xml().utf8))
        let server = try ScriptedServer { _ in .sendAndHold(whole.dropLast(10)) }
        let platform = try Accounts.platform(server, patience: .seconds(3))
        let report = await platform.send(.text("你好"), from: "oAlice")
        #expect(report.outcome == .faultNotice(.stalled(afterBytes: Accounts.xml().utf8.count - 10)))
        #expect(await eventually { server.left == [1] })
    }

    @Test("An answer to the second delivery is shown, and there is no third")
    func second() async throws {
        let server = try ScriptedServer { $0.number == 1 ? Self.silence : .answer(Accounts.xml()) }
        let platform = try Accounts.platform(server, patience: .seconds(3), deliveries: 3)
        let report = await platform.send(.text("你好"), from: "oAlice")
        #expect(report.outcome == .reply(.text("好")))
        #expect(report.deliveries.count == 2)
        #expect(report.deliveries[0].fault == .timeout(after: .seconds(3)))
        #expect(platform.user("oAlice").texts == ["好"])
    }

    @Test("A wrong answer is followed by another delivery, as silence is")
    func wrong() async throws {
        let server = try ScriptedServer {
            $0.number == 1 ? .answer("", status: "502 Bad Gateway") : .answer(Accounts.xml())
        }
        let report = try await Accounts.platform(server, deliveries: 3).send(.text("你好"), from: "oAlice")
        #expect(report.deliveries.map(\.fault) == [.status(502), nil])
    }

    @Test("An answer just too late is not seen")
    func late() async throws {
        let server = try ScriptedServer { _ in
            .wait(milliseconds: 6000, Script.response(Array(Accounts.xml().utf8)))
        }
        let user = try Accounts.platform(server, patience: .milliseconds(300)).user("oAlice")
        await user.send(.text("你好"))
        try await Task.sleep(for: .seconds(7))
        #expect(user.seen == [.faultNotice])
    }

    @Test("Deliveries of one message can run at once, and overtake each other")
    func overtaking() async throws {
        let server = try ScriptedServer { request in
            request.number == 1
                ? .wait(milliseconds: 1000, Script.response(Array(Accounts.xml().utf8))) : .answer("success")
        }
        let platform = try Accounts.platform(server)
        let message = platform.prepare(.text("你好"), from: "oAlice")
        async let first = platform.deliverOnce(message)
        #expect(await eventually { server.requests.count == 1 })
        let second = await platform.deliverOnce(message, number: 2)
        #expect(second.reply == Reply.none)
        #expect(await first.reply == .text("好"))
        #expect(server.requests[0].body == server.requests[1].body)
    }

    @Test("Two users can have the same MsgId, and two events of one user the same second")
    func collisions() async throws {
        let server = try ScriptedServer { _ in .answer("success") }
        let platform = try Accounts.platform(server)
        for user in ["oAlice", "oBob"] {
            _ = await platform.send(.text("a").with(messageID: 7), from: user)
        }
        _ = await platform.send(.view(url: "http://a").with(createTime: 1_700_000_000), from: "oAlice")
        _ = await platform.send(
            .reportedLocation(latitude: 1, longitude: 2, precision: 3).with(createTime: 1_700_000_000), from: "oAlice")
        let callback = Callback(credentials: try Accounts.credentials(.plain))
        let messages = try server.requests.map { try Accounts.open($0, callback).message }
        #expect(messages.map(\.messageID) == [7, 7, nil, nil])
        #expect(messages.map(\.fromUserName) == ["oAlice", "oBob", "oAlice", "oAlice"])
        #expect(messages[2].createTime == messages[3].createTime)
    }

    @Test("A request can be changed before it is delivered")
    func changed() async throws {
        let server = try ScriptedServer {
            $0.query["signature"] == "forged" ? .answer("", status: "403 No") : .answer("")
        }
        let platform = try Accounts.platform(server)
        let message = platform.prepare(.text("a"), from: "oAlice")
        var request = platform.request(for: message, timestamp: 1_700_000_000, nonce: "n")
        request.query[0].value = "forged"
        #expect(await platform.deliver(request, of: message).fault == .status(403))
        #expect(server.requests[0].query["timestamp"] == "1700000000")
    }

    @Test("A URL with a query of its own keeps it")
    func ownQuery() async throws {
        let server = try ScriptedServer { _ in .answer("success") }
        let platform = SimulatedPlatform(
            credentials: try Accounts.credentials(.plain), target: HTTPTarget(server.url + "?account=1"))
        #expect(await platform.send(.text("a"), from: "oAlice").outcome == .nothing)
        #expect(server.requests[0].line.hasPrefix("POST /wechat?account=1&signature="))
    }

    @Test("Nothing that is said is in a description")
    func descriptions() async throws {
        let server = try ScriptedServer { _ in .answer(Accounts.xml()) }
        let platform = try Accounts.platform(server)
        let report = await platform.send(.text("geheim"), from: "oAlice")
        for text in [
            "\(report)", String(reflecting: report), "\(report.deliveries[0].request)",
            "\(SimulatedMessage.text("geheim"))",
            "\(platform.user("oAlice").seen)",
        ] {
            #expect(!text.contains("geheim") && !text.contains("好"))
        }
    }
}
