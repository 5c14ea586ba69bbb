import Foundation
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

extension PhoneTests {
    /// The page and `PlatformSimulator` are two simulations of one platform, and must not differ in what they make of an
    /// answer.
    @Suite("What the page makes of an answer")
    struct Verdict {
        private static let type = "<MsgType><![CDATA[text]]></MsgType>"
        private static let item = "<item><Title>t</Title><Url>http://a.example/</Url></item>"

        static let answers: [CallbackAnswer] =
            [
                "success", "", "success\n", "ok", #"{"ok":true}"#, "\"success\"", "<html><body/></html>",
                "<!DOCTYPE html><html></html>", "<reply><a/></reply>", String(xml().dropLast(8)), xml() + "x",
                "\u{FEFF}" + xml(), "\n" + xml(), "\n<?xml version=\"1.0\"?>" + xml(),
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>" + xml(), xml(to: "gh_simulated", from: "oAlice"),
                xml(to: "oBob"), xml(from: "gh_other"), xml(time: "1700000000000"), xml(time: "2024-01-01"),
                xml(time: ""), xml(time: "1400000000"), xml("\(type)<Content></Content>"),
                xml("\(type)<Content>a\u{10}</Content>"), xml("\(type)<Content>a\\nb</Content>"),
                xml("\(type)<Content>\(String(repeating: "好", count: 683))</Content>"),
                xml("\(type)<Content>\(String(repeating: "好", count: 682))</Content>"),
                xml("\(type)<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>"),
                xml("\(type)<Content>&unknown;</Content>"),
                xml("\(type)<Content>&lt;b&gt;</Content>"), xml("<MsgType>markdown</MsgType>"),
                xml("<MsgType>constructor</MsgType>"), xml("<MsgType>image</MsgType><Image/>"),
                xml("<MsgType>image</MsgType><MediaId>m</MediaId>"),
                xml("<MsgType>image</MsgType><Image>\n<MediaId>m</MediaId>\n</Image>"),
                xml("<MsgType>voice</MsgType><Voice><MediaId>a b</MediaId></Voice>"),
                xml("<MsgType>video</MsgType><Video><MediaId>m</MediaId></Video>"),
                xml("<MsgType>music</MsgType><Music><Title>t</Title></Music>"),
                xml("<MsgType>music</MsgType><Music><ThumbMediaId>m</ThumbMediaId></Music>"),
                xml("<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles/>"),
                xml("<MsgType>news</MsgType><ArticleCount>x</ArticleCount><Articles>\(item)</Articles>"),
                xml("<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles>\(item)</Articles>"),
                xml("<MsgType>news</MsgType><ArticleCount>3</ArticleCount><Articles>\(item)\(item)</Articles>"),
                xml("<MsgType>transfer_customer_service</MsgType>"), "<xml><Encrypt>YQ==</Encrypt></xml>",
                "<!DOCTYPE xml [<!ENTITY e \"x\">]>" + xml(),
                "<?xml version=\"1.0\"?><!DOCTYPE xml [<!ENTITY e \"x\">]>" + xml("\(type)<Content>&e;</Content>"),
            ].map { answer($0) } + [
                answer(xml(), status: 502), answer(xml(), status: 204),
                answer(xml(), contentType: "text/html; charset=utf-8"),
                answer(xml(), contentType: "application/xml"), answer(xml(), contentType: nil),
                CallbackAnswer(
                    status: 200, headers: [NamedValue("Content-Type", "text/xml")],
                    body: Array(xml().utf8.dropLast(6)) + [0xE9] + Array("</xml>".utf8)),
            ]

        @Test("it is what PlatformSimulator makes of it, in plain mode")
        func plain() async throws {
            try await compare(Self.answers, Credentials(token: Token(parsing: "YourToken")), mode: "plain")
        }

        @Test("it is what PlatformSimulator makes of it, encrypted", arguments: ["compatible", "secure"])
        func encrypted(mode: String) async throws {
            let account = Account(path: "/", token: "YourToken", key: Account.firstKey, mode: .secure)
            let right = try AES.encrypt(Self.xml(), key: Account.firstKey, appID: account.appID)
            let bytes = try #require(Data(base64Encoded: right))
            let answers = try [
                Self.xml(), "success", "", Self.envelope(right), Self.envelope(right, signature: "0"),
                Self.envelope(right, time: "1700000000000"), Self.envelope(right).replacing("Nonce", with: "Nonsense"),
                Self.envelope(bytes.dropLast(16).base64EncodedString()), Self.envelope("YQ=="), Self.envelope("%%%"),
                Self.envelope(AES.encrypt(Self.xml(), key: Account.firstKey, appID: "wxother")),
                Self.envelope(AES.encrypt(Self.xml(), key: Account.secondKey, appID: account.appID)),
                Self.envelope(AES.encrypt("ok", key: Account.firstKey, appID: account.appID)),
                Self.envelope(AES.encrypt(Self.xml(to: "oBob"), key: Account.firstKey, appID: account.appID)),
            ].map { Self.answer($0) }
            let credentials = try Credentials(
                token: Token(parsing: account.token), appID: AppID(parsing: account.appID),
                encodingAESKey: EncodingAESKey(parsing: Account.firstKey),
                encryption: mode == "secure" ? .secure : .compatible)
            try await compare(answers, credentials, mode: mode)
        }

        /// Has both make something of each answer to a message of oAlice's, and compares it.
        private func compare(_ answers: [CallbackAnswer], _ credentials: Credentials, mode: String) async throws {
            let phone = try PhoneFixture()
            try phone.open()
            let account: [String: Any] = [
                "token": "YourToken", "appID": Account.secure.appID, "aesKey": Account.firstKey, "mode": mode,
            ]
            let given = answers.map { answer -> [String: Any] in
                [
                    "status": answer.status, "contentType": answer.contentType ?? NSNull() as Any,
                    "body": answer.body.map(Int.init),
                ]
            }
            let made =
                try phone.browser.evaluateSoon(
                    """
                    const [{ readAnswer }, { PlatformSeal }] = await Promise.all(
                        [import("/phone/js/answer-reader.js"), import("/phone/js/callback-request.js")]);
                    const seal = await PlatformSeal.of(given[0]);
                    const message = { openID: "oAlice", receiver: "gh_simulated", isEvent: false };
                    return Promise.all(given[1].map(async (answer) => {
                        const read = { ...answer, body: Uint8Array.from(answer.body), headers: [] };
                        const { reply, fault, warnings } = await readAnswer(read, seal, message, Date.now() / 1000);
                        return [fault?.message ?? reply?.type ?? "nothing", ...warnings].join(" | ");
                    }));
                    """, account, given) as? [String] ?? []
            #expect(made.count == answers.count)
            for (answer, said) in zip(answers, made) {
                let platform = SimulatedPlatform(credentials: credentials, target: FixedTarget(answer: answer))
                let record = await platform.deliverOnce(platform.prepare(.text("a"), from: "oAlice"))
                let expected =
                    [record.fault?.description ?? record.reply.map { Self.name($0) } ?? ""]
                    + record.warnings.map(\.description)
                #expect(
                    said == expected.joined(separator: " | "),
                    "\(String(decoding: answer.body, as: UTF8.self).prefix(400))")
            }
        }

        private static func name(_ reply: OfficialAccount.Reply) -> String {
            switch reply.content {
            case .none: "nothing"
            case .text: "text"
            case .image: "image"
            case .voice: "voice"
            case .video: "video"
            case .music: "music"
            case .news: "news"
            case .transferToCustomerService: "transfer"
            }
        }

        private static func answer(
            _ body: String, status: Int = 200, contentType: String? = "text/xml"
        ) -> CallbackAnswer {
            CallbackAnswer(
                status: status, headers: contentType.map { [NamedValue("Content-Type", $0)] } ?? [],
                body: Array(body.utf8))
        }

        private static func xml(
            to receiver: String = "oAlice", from sender: String = "gh_simulated", time: String? = nil,
            _ content: String = "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[好]]></Content>"
        ) -> String {
            let time = time ?? String(Int(Date().timeIntervalSince1970))
            return
                "<xml><ToUserName><![CDATA[\(receiver)]]></ToUserName><FromUserName><![CDATA[\(sender)]]></FromUserName>"
                + "<CreateTime>\(time)</CreateTime>\(content)</xml>"
        }

        private static func envelope(_ encrypted: String, time: String? = nil, signature given: String? = nil) -> String
        {
            let time = time ?? String(Int(Date().timeIntervalSince1970))
            let signature = given ?? signature(of: ["YourToken", time, "nonce", encrypted])
            return "<xml><Encrypt><![CDATA[\(encrypted)]]></Encrypt><MsgSignature>\(signature)</MsgSignature>"
                + "<TimeStamp>\(time)</TimeStamp><Nonce>nonce</Nonce></xml>"
        }
    }
}

/// Answers all requests alike.
private struct FixedTarget: CallbackTarget {
    let answer: CallbackAnswer

    func exchange(_ request: CallbackRequest, patience: Duration) async throws(DeliveryFault) -> CallbackAnswer {
        answer
    }
}
