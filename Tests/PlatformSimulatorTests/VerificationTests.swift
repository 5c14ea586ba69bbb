import PlatformSimulator
import Testing

@Suite("How the platform verifies a URL")
struct VerificationTests {
    static let alterations: [(body: String, fault: VerificationFault?)] = [
        ("ECHO", nil), ("", .empty), ("\u{FEFF}ECHO", .byteOrderMark), ("ECHO\n", .spaceAround),
        (" ECHO", .spaceAround),
        ("\"ECHO\"", .quoted), ("ok ECHO", .wrapped(extraBytes: 3)), ("<html>ECHO</html>", .html), ("1", .different),
    ]

    @Test("What came back is told from echostr", arguments: alterations)
    func echo(body: String, fault: VerificationFault?) async throws {
        let server = try ScriptedServer { request in
            .answer(body.replacing("ECHO", with: request.query["echostr"] ?? ""), contentType: "text/html")
        }
        let record = await (try Accounts.platform(server)).verify()
        #expect(record.fault == fault)
        #expect(record.answer?.status == 200)
        #expect(server.requests[0].line.hasPrefix("GET /wechat?signature="))
    }

    @Test("A refusal, and silence, are faults")
    func refused() async throws {
        let refusing = try ScriptedServer { _ in .answer("no", status: "403 Forbidden") }
        let refused = await (try Accounts.platform(refusing)).verify()
        #expect(refused.fault == .delivery(.status(403)))
        let silent = try ScriptedServer { _ in .sendAndHold([]) }
        let record = await (try Accounts.platform(silent, patience: .milliseconds(200))).verify(echostr: "1")
        #expect(record.fault == .delivery(.timeout(after: .milliseconds(200))))
    }
}
