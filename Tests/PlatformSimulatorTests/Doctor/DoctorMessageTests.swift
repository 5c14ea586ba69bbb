import FastCGI
import OfficialAccount
import PlatformSimulator
import Testing

@Suite("What the doctor finds about messages", .serialized)
struct DoctorMessageTests {
    static let text = "<MsgType><![CDATA[text]]></MsgType>"

    /// What is found about a server that is good but for its answer to a message that is signed as it should be.
    static func findings(
        in mode: EncryptionMode = .plain, type: String = "text/xml", status: String = "200 OK",
        _ body: @escaping @Sendable () throws -> [UInt8]
    ) async throws -> [FindingCode] {
        let good = try DoctorServer(mode)
        return try await PlatformSimulatorTests.findings(in: mode) { request in
            let answer = good.answer(request)
            guard !request.isVerification, answer.bytes.starts(with: "HTTP/1.1 200".utf8),
                let body = try? body()
            else { return answer }
            return .send(Script.dated(body, type: type, status: status))
        }
    }

    static func xml(_ content: String = "\(text)<Content>好</Content>", time: String? = nil) -> String {
        Accounts.xml(to: "oWechatFcgiDoctor", time: time, content)
    }

    static let replies: [(body: String, code: FindingCode)] = [
        ("{\"reply\":1}", .replyJSON),
        ("<!DOCTYPE html><html>error</html>", .replyHTML),
        ("ok", .replyNotXML),
        ("\u{FEFF}" + xml(), .replyByteOrderMark),
        ("\n<?xml version=\"1.0\"?>" + xml(), .replyWhitespace),
        (xml("\(text)<Content><![CDATA[a\u{10}]]></Content>"), .replyControlCharacters),
        (xml("\(text)<Content>\(String(repeating: "好", count: 683))</Content>"), .textTooLong),
        (xml("\(text)<Content></Content>"), .replyElement),
        (xml("<MsgType>markdown</MsgType>"), .replyElement),
        (xml(time: "1700000000000"), .replyTime),
        (xml(time: "1000000000"), .replyTime),
        (xml("\(text)<Content>a\\nb</Content>"), .literalNewline),
        (Accounts.xml(to: "oBob"), .replyNames),
        (Accounts.xml(to: "gh_simulated", from: "oWechatFcgiDoctor"), .replyNames),
        (
            xml(
                "<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles><item><Title>a</Title></item>"
                    + "<item><Title>b</Title></item></Articles>"), .articles
        ),
    ]

    @Test("A reply that is not as it should be is named by what is wrong with it", arguments: replies.indices)
    func reply(index: Int) async throws {
        let (body, code) = Self.replies[index]
        #expect(try await Self.findings { Array(body.utf8) } == [code])
    }

    @Test("A reply in another charset")
    func charset() async throws {
        let bytes = Array(Self.xml().utf8.dropLast(6)) + [0xE9] + Array("</xml>".utf8)
        #expect(try await Self.findings { bytes } == [.replyCharset])
    }

    @Test("A reply whose Content-Type is not XML's is taken, with a warning")
    func contentType() async throws {
        #expect(try await Self.findings(type: "text/html") { Array(Self.xml().utf8) } == [.contentType])
    }

    @Test("An answer far over all limits is named")
    func tooLarge() async throws {
        #expect(
            try await Self.findings { Array(repeating: 0x20, count: 5 << 20) } == [.answerTooLarge])
    }

    @Test(
        "A status at messages alone is named",
        arguments: [
            ("404 Not Found", FindingCode.wrongPath), ("405 Not Allowed", .methodRefused), ("413 Large", .bodyRefused),
            ("302 Found", .redirect), ("502 Bad Gateway", .gateway), ("403 Forbidden", .messageRefused),
        ])
    func status(status: String, code: FindingCode) async throws {
        #expect(try await Self.findings(status: status) { [] } == [code])
    }

    // MARK: Encryption

    static let sealed: [(name: String, body: @Sendable () throws -> String, code: FindingCode)] = [
        (
            "padded to 16", { EncryptedVerdictTests.envelope(try EncryptedVerdictTests.paddedTo16()) },
            .padding
        ),
        (
            "another AppID",
            {
                EncryptedVerdictTests.envelope(
                    try EncryptedVerdictTests.encrypted(xml(), appID: Array("wxother".utf8)))
            }, .appIDMismatch
        ),
        (
            "another key",
            {
                EncryptedVerdictTests.envelope(
                    try EncryptedVerdictTests.encrypted(xml(), key: Accounts.otherKey))
            }, .aesKeyMismatch
        ),
        (
            "another Token",
            { EncryptedVerdictTests.envelope(try EncryptedVerdictTests.encrypted(xml()), token: "Other") },
            .messageSignature
        ),
        (
            "a time in milliseconds",
            {
                EncryptedVerdictTests.envelope(
                    try EncryptedVerdictTests.encrypted(xml()), time: "1700000000000")
            }, .replyTime
        ),
        ("not encrypted", { xml() }, .replyNotEncrypted),
    ]

    @Test("An encrypted reply is named by what is wrong with it", arguments: sealed.indices)
    func sealedReply(index: Int) async throws {
        let (name, body, code) = Self.sealed[index]
        #expect(try await Self.findings(in: .secure) { Array(try body().utf8) } == [code], "\(name)")
    }

    @Test("An encrypted reply in plain mode is named")
    func unexpectedlySealed() async throws {
        let body = EncryptedVerdictTests.envelope(try EncryptedVerdictTests.encrypted(Self.xml()))
        #expect(try await Self.findings { Array(body.utf8) } == [.replyEncrypted])
    }

    @Test("Another AppID, and another key, at a server that refuses what it cannot open")
    func refused() async throws {
        for (appID, key) in [("wxother", Accounts.key), (Accounts.appID, Accounts.otherKey)] {
            var other = try DoctorServer()
            other.credentials = try Accounts.credentials(.secure, appID: appID, key: key)
            let server = other
            let codes = try await PlatformSimulatorTests.findings(in: .secure) { server.answer($0) }
            #expect(codes == [.encryptedMessageRefused])
        }
    }

    @Test("A server in plain mode, and an account in secure mode, and the other way round")
    func modes() async throws {
        let plain = try DoctorServer(.plain)
        // With no key at all, it cannot read the message and says so.
        let codes = try await PlatformSimulatorTests.findings(in: .secure) { request in
            request.query["encrypt_type"] == nil ? plain.answer(request) : .answer("no", status: "403 Forbidden")
        }
        #expect(codes == [.modeMismatch])
        let secure = try DoctorServer(.secure)
        #expect(try await PlatformSimulatorTests.findings(in: .plain) { secure.answer($0) } == [.messageRefused])
    }

    // MARK: What proves nothing

    @Test(
        "A server that does not look at the signatures of messages is found",
        arguments: [EncryptionMode.plain, .secure])
    func forged(mode: EncryptionMode) async throws {
        let good = try DoctorServer(mode)
        let codes = try await PlatformSimulatorTests.findings(in: mode) { request in
            let answer = good.answer(request)
            guard !request.isVerification, !answer.bytes.starts(with: "HTTP/1.1 200".utf8) else { return answer }
            return .answer(Self.xml())
        }
        #expect(codes == [.forgedAccepted])
    }

    @Test("A server that takes plain messages in secure mode is found")
    func plainInSecureMode() async throws {
        let good = try DoctorServer(.secure)
        let plain = try DoctorServer(.plain)
        let codes = try await PlatformSimulatorTests.findings(in: .secure) { request in
            request.isVerification || request.query["encrypt_type"] != nil
                ? good.answer(request) : plain.answer(request)
        }
        #expect(codes == [.plainAccepted])
    }

    // MARK: Time

    @Test("A first delivery without an answer is a warning where the second has one")
    func late() async throws {
        let good = try DoctorServer()
        let messages = Locked(0)
        let codes = try await PlatformSimulatorTests.findings(patience: .seconds(4), deliveries: 3) { request in
            if !request.isVerification,
                messages.withLock({ count in
                    count += 1
                    return count == 1
                })
            {
                return .sendAndHold([])
            }
            return good.answer(request)
        }
        #expect(codes == [.lateAnswer])
    }

    @Test("No answer to any delivery is too slow, an answer that takes its time is slow")
    func slow() async throws {
        let good = try DoctorServer()
        let silent = try await PlatformSimulatorTests.findings(patience: .seconds(1), deliveries: 2) { request in
            request.isVerification ? good.answer(request) : .sendAndHold([])
        }
        #expect(silent == [.tooSlow])
        let slow = try await PlatformSimulatorTests.findings(slow: .milliseconds(800)) { request in
            request.isVerification ? good.answer(request) : .wait(milliseconds: 900, good.answer(request).bytes)
        }
        #expect(slow == [.slow])
    }

    @Test("Without messages, none is sent")
    func noMessages() async throws {
        let good = try DoctorServer()
        let posts = Locked(0)
        _ = try await PlatformSimulatorTests.findings(messages: false) { request in
            if !request.isVerification { posts.withLock { $0 += 1 } }
            return good.answer(request)
        }
        #expect(posts.withLock { $0 } == 0)
    }
}
