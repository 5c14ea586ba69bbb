import OfficialAccount
import PlatformSimulator
import Testing

@Suite("What the platform sends")
struct MessageTests {
    @Test(
        "Every message and event arrives in every mode as it was made", arguments: EncryptionMode.allCases)
    func samples(mode: EncryptionMode) async throws {
        let credentials = try Accounts.credentials(mode)
        let server = try ScriptedServer { _ in .answer("success") }
        let platform = try Accounts.platform(server, in: mode)
        let samples = SimulatedMessage.sampleMessages + SimulatedMessage.sampleEvents
        for sample in samples {
            #expect(await platform.send(sample, from: "oAlice").outcome == .nothing, "\(sample)")
        }
        let callback = Callback(credentials: credentials)
        for (sample, request) in zip(samples, server.requests) {
            let delivery = try Accounts.open(request, callback)
            #expect(delivery.message.type == sample.type)
            #expect(delivery.message.fromUserName == "oAlice")
            #expect(delivery.message.toUserName == "gh_simulated")
            #expect((delivery.message.messageID == nil) == (sample.eventName != nil), "\(sample)")
            #expect(delivery.isEncrypted == (mode != .plain))
            for element in sample.elements { #expect(delivery.message.fields[element.name] != nil) }
            #expect(request.query["openid"] == "oAlice")
            #expect((request.query["encrypt_type"] == "aes") == (mode != .plain))
            // A compatible body holds the plain fields beside the encrypted ones.
            let hasPlainFields = (try Fields(parsing: request.body)).text("MsgType") == sample.type.rawValue
            #expect(hasPlainFields == (mode != .secure))
        }
    }

    @Test(
        "A text arrives as it was written", arguments: ["]]>", "a]]]>b", "<&>", "😀\u{1F468}\u{200D}\u{1F469}", "a\nb"])
    func texts(text: String) async throws {
        let server = try ScriptedServer { _ in .answer("success") }
        _ = try await Accounts.platform(server).send(.text(text), from: "oAlice")
        let callback = Callback(credentials: try Accounts.credentials(.plain))
        #expect(try Accounts.open(server.requests[0], callback).message.fields.text("Content") == text)
    }

    @Test("A raw envelope is not changed, and its own names count")
    func raw() async throws {
        let xml =
            "<xml>\n<ToUserName>gh_raw</ToUserName><FromUserName>oRaw</FromUserName><CreateTime>1</CreateTime>"
            + "<MsgType>tomorrow</MsgType><A><B>1</B><B>\u{10}</B></A><MsgId>9</MsgId></xml>"
        let server = try ScriptedServer { _ in .answer(Accounts.xml(to: "oRaw", from: "gh_raw")) }
        let report = try await Accounts.platform(server).send(.raw(xml), from: "oAlice")
        #expect(server.requests[0].body == Array(xml.utf8))
        #expect(report.outcome == .reply(.text("好")))
    }
}
