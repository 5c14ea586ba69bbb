import OfficialAccount
import PlatformSimulator
import Testing

@Suite("What the platform makes of an answer")
struct VerdictTests {
    /// An answer to a plain text message of oAlice's, and what is wrong with it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: Script
        let fault: DeliveryFault

        init(_ name: String, _ script: Script, _ fault: DeliveryFault) {
            testDescription = name
            self.script = script
            self.fault = fault
        }
    }

    static let text = "<MsgType><![CDATA[text]]></MsgType>"

    static let cases: [Case] = [
        Case("a JSON object", .answer("{\"ok\":true}"), .json),
        Case("success as JSON", .answer("\"success\"", contentType: "application/json"), .json),
        Case("a page", .answer("<!DOCTYPE html><html></html>", contentType: "text/html"), .html),
        Case("a page without a type", .answer("<html><body/></html>"), .html),
        Case("words", .answer("ok"), .notXML),
        Case("success with a line end", .answer("success\n"), .notXML),
        Case("XML cut in the middle", .answer(String(Accounts.xml().dropLast(8))), .notXML),
        Case("another envelope", .answer("<reply><a/></reply>"), .notXML),
        Case("a byte order mark", .answer("\u{FEFF}" + Accounts.xml()), .byteOrderMark),
        Case(
            "space before the declaration", .answer("\n<?xml version=\"1.0\"?>" + Accounts.xml()),
            .spaceBeforeDeclaration),
        Case(
            "a control character", .answer(Accounts.xml("\(text)<Content><![CDATA[a\u{10}]]></Content>")),
            .controlCharacters),
        Case("latin-1", .answer(Array(Accounts.xml().utf8.dropLast(6)) + [0xE9] + Array("</xml>".utf8)), .notUTF8),
        Case("an error of the server's", .answer(Accounts.xml(), status: "502 Bad Gateway"), .status(502)),
        Case("a redirect", .answer("", status: "302 Found"), .status(302)),
        Case("nothing but a close", .send([]), .cutShort),
        Case("half an answer", .send(Script.response(Array(Accounts.xml().utf8)).dropLast(20)), .cutShort),
        Case("no HTTP", .send(Array("hello\r\n\r\n".utf8)), .notHTTP),
        Case("names not swapped", .answer(Accounts.xml(to: "gh_simulated", from: "oAlice")), .namesNotSwapped),
        Case("another user's name", .answer(Accounts.xml(to: "oBob")), .wrongReceiver),
        Case("another account's name", .answer(Accounts.xml(from: "gh_other")), .wrongSender),
        Case("a time in milliseconds", .answer(Accounts.xml(time: "1700000000000")), .notSeconds("CreateTime")),
        Case("a date", .answer(Accounts.xml(time: "2024-01-01")), .notSeconds("CreateTime")),
        Case("no time", .answer(Accounts.xml(time: "")), .missing("CreateTime")),
        Case("an empty text", .answer(Accounts.xml("\(text)<Content></Content>")), .missing("Content")),
        Case(
            "a text too long",
            .answer(Accounts.xml("\(text)<Content>\(String(repeating: "好", count: 683))</Content>")),
            .textTooLong(bytes: 2049)),
        Case("another type", .answer(Accounts.xml("<MsgType>markdown</MsgType>")), .unknownType),
        Case(
            "an image without an ID", .answer(Accounts.xml("<MsgType>image</MsgType><Image/>")), .missing("MediaId")),
        Case(
            "news without articles",
            .answer(Accounts.xml("<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles/>")),
            .missing("Articles")),
        Case(
            "an encrypted answer in plain mode", .answer("<xml><Encrypt>YQ==</Encrypt></xml>"),
            .unexpectedlyEncrypted),
    ]

    @Test("An answer that the platform cannot use is the fault notice, with its reason", arguments: cases)
    func notice(_ answer: Case) async throws {
        let server = try ScriptedServer { _ in answer.script }
        let platform = try Accounts.platform(server)
        let user = platform.user("oAlice")
        let report = await user.send(.text("你好"))
        #expect(report.outcome == .faultNotice(answer.fault))
        #expect(user.seen == [.faultNotice])
        #expect(!answer.fault.description.isEmpty)
    }

    @Test("Nobody listening is a fault of its own")
    func nobody() async throws {
        let platform = SimulatedPlatform(
            credentials: try Accounts.credentials(.plain), target: HTTPTarget("http://127.0.0.1:1/wechat"),
            rule: DeliveryRule(deliveries: 1))
        let record = await platform.deliverOnce(platform.prepare(.text("a"), from: "oAlice"))
        guard case .unreachable = record.fault else {
            Issue.record("\(record)")
            return
        }
    }

    @Test("success and an empty body say nothing, in every mode", arguments: EncryptionMode.allCases, ["success", ""])
    func nothing(mode: EncryptionMode, body: String) async throws {
        let server = try ScriptedServer { _ in .answer(body, contentType: "text/plain") }
        let user = try Accounts.platform(server, in: mode).user("oAlice")
        #expect(await user.send(.text("你好")).outcome == .nothing)
        #expect(user.seen.isEmpty)
    }

    static let mediaID: MediaID = {
        do { return try MediaID("m") } catch { preconditionFailure("\(error)") }
    }()

    static let replies: [Reply] = [
        .text("好 ]]> 😀\n<b>"),
        .image(mediaID: mediaID),
        .voice(mediaID: mediaID),
        .video(mediaID: mediaID, title: "t", description: "d"),
        .music(Music(title: "t", url: "http://a", thumbnailMediaID: mediaID)),
        .news(Article(title: "t", description: "d", pictureURL: "p", url: "u")),
        .transferToCustomerService(),
        .transferToCustomerService(account: "one@account"),
    ]

    @Test("Each kind of reply is understood, in every mode", arguments: EncryptionMode.allCases, replies)
    func kinds(mode: EncryptionMode, reply: Reply) async throws {
        let credentials = try Accounts.credentials(mode)
        let server = try ScriptedServer { request in
            .answer((try? Accounts.answer(request, credentials) { _ in reply }) ?? [])
        }
        let user = try Accounts.platform(server, in: mode).user("oAlice")
        let report = await user.send(.text("你好"))
        #expect(report.outcome == .reply(reply))
        #expect(report.deliveries.first?.warnings == [])
        #expect(report.deliveries.first?.replyXML?.starts(with: "<xml><ToUserName>".utf8) == true)
        if case .transferToCustomerService = reply.content {
            #expect(user.seen.isEmpty)
        } else {
            #expect(user.seen == [.reply(reply)])
        }
    }

    @Test("Articles that are not shown are cut with a warning: one after a message, eight after an event")
    func articles() async throws {
        let item = "<item><Title>t</Title><Url>u</Url></item>"
        let content =
            "<MsgType>news</MsgType><ArticleCount>10</ArticleCount><Articles>\(String(repeating: item, count: 10))</Articles>"
        let server = try ScriptedServer { _ in .answer(Accounts.xml(content)) }
        let platform = try Accounts.platform(server)
        let one = await platform.send(.text("a"), from: "oAlice")
        #expect(one.outcome == .reply(.news(Article(title: "t", url: "u"))))
        #expect(one.deliveries[0].warnings == [.articlesCut(from: 10, to: 1)])
        let eight = await platform.send(.click(key: "K"), from: "oAlice")
        #expect(eight.outcome == .reply(try .news(Array(repeating: Article(title: "t", url: "u"), count: 8))))
        #expect(eight.deliveries[0].warnings == [.articlesCut(from: 10, to: 8)])
    }

    @Test("What the platform forgives is a warning")
    func warnings() async throws {
        let content =
            "<MsgType>text</MsgType><Content>a\\nb</Content>"
        let server = try ScriptedServer { _ in
            .answer(Accounts.xml(time: "1400000000", content), contentType: "text/html; charset=utf-8")
        }
        let report = try await Accounts.platform(server).send(.text("a"), from: "oAlice")
        #expect(report.outcome == .reply(.text("a\\nb")))
        #expect(report.deliveries[0].warnings == [.contentType("text/html"), .createTimeOff, .literalNewline])
    }
}
