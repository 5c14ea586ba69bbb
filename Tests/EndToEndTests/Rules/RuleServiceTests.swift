import Foundation
import HTTPStub
import NIOHTTP1
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("Rules that ask a service, a program or a chat", .onOwnThreads)
struct RuleServiceTests {
    @Test("A service gets the message as JSON, and its JSON, text or XML is the reply")
    func forward() async throws {
        let service = try await ScriptedHTTPServer { request in
            let message = request.json["message"] as? [String: Any] ?? [:]
            let captures = request.json["captures"] as? [String: Any] ?? [:]
            switch message["content"] as? String {
            case "json 7":
                return ScriptedHTTPServer.answer(
                    "{\"type\":\"text\",\"content\":\"order \(captures["id"] ?? "?")\"}", "application/json")
            case "plain": return ScriptedHTTPServer.answer("纯文本", "text/plain; charset=utf-8")
            case "xml":
                let xml = "<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[from xml]]></Content></xml>"
                return ScriptedHTTPServer.answer(xml, "text/xml")
            case "quiet": return ScriptedHTTPServer.answer("success", "text/plain")
            default: return ScriptedHTTPServer.answer("<html>", "text/html")
            }
        }
        let server = try RuledServer(
            """
            apology: 抱歉
            rules:
              - text: {matches: '\\w+( (?<id>\\d+))?'}
                forward: http://127.0.0.1:\(service.port)/orders
            """)
        let user = try server.user()
        #expect(await user.reads("json 7") == "order 7")
        #expect(await user.reads("plain") == "纯文本")
        #expect(await user.reads("xml") == "from xml")
        #expect(await user.reads("quiet") == nil)
        #expect(await user.reads("html") == "抱歉")
        #expect(server.log.contains("127.0.0.1:\(service.port)"), "\(server.log)")
        await service.stop()
    }

    @Test(
        "A callback server that is there already gets messages as the platform posts them, and its reply is the answer",
        arguments: ["plain", "compatible", "secure"])
    func forwardAsXML(mode: String) async throws {
        let key = "app_id: \(LateServer.appID)\naes_key: \(Account.firstKey)\nencryption: \(mode)\n"
        let account = mode == "plain" ? "" : key
        let behind = try RuledServer(
            account + """
                rules:
                  - text: card
                    reply: {news: {title: '{{content}}!', url: 'https://u'}}
                  - text: quiet
                    none:
                  - text:
                    reply: '{{from_user_name}} 说：{{content}}'
                  - event: CLICK
                    reply: 'key {{event_key}}'
                """)
        let server = try RuledServer(
            account + """
                apology: 抱歉
                rules:
                  - any:
                    forward: {url: '\(behind.url())', as: xml}
                  - event:
                    forward: {url: '\(behind.url())', as: xml}
                """)
        let credentials =
            mode == "plain"
            ? try Credentials(token: Token(parsing: RuledServer.token))
            : try Credentials(
                token: Token(parsing: RuledServer.token), appID: AppID(parsing: LateServer.appID),
                encodingAESKey: EncodingAESKey(parsing: Account.firstKey),
                encryption: mode == "secure" ? .secure : .compatible)
        let user = try server.platform(credentials: credentials).user("oAlice")
        #expect(await user.reads("你好 <&>") == "oAlice 说：你好 <&>", "\(server.log)\(behind.log)")
        #expect(await user.reads(.click(key: "about"))?.text == "key about")
        #expect(
            await user.send(.text("card")).deliveries.last?.reply
                == OfficialAccount.Reply.news(Article(title: "card!", url: "https://u")))
        #expect(await user.reads("quiet") == nil)
        for log in [server.log, behind.log] { #expect(!log.contains("error") && !log.contains("refused"), "\(log)") }
    }

    @Test("A service that streams for ever, is slow, broken or not there is the apology, for that message alone")
    func brokenForward() async throws {
        let service = try await ScriptedHTTPServer { request in
            let message = request.json["message"] as? [String: Any] ?? [:]
            switch message["content"] as? String {
            case "pour": return [.head(200, ["Content-Type": "text/plain"]), .pour("0123456789")]
            case "slow": return [.pause(.seconds(20))]
            case "hang up": return [.hangUp]
            case "500": return [.head(500, ["Content-Type": "text/plain"]), .end]
            default: return ScriptedHTTPServer.answer("fine", "text/plain")
            }
        }
        let server = try RuledServer(
            """
            apology: 抱歉
            rules:
              - text: nowhere
                forward: http://127.0.0.1:1/
              - any:
                forward: {url: 'http://127.0.0.1:\(service.port)/', timeout: 4s, limit: 4k}
            """)
        let user = try server.user()
        for text in ["pour", "slow", "hang up", "500", "nowhere"] {
            #expect(await user.reads(text) == "抱歉", "\(text): \(server.log)")
            #expect(await user.reads("again") == "fine", "after \(text): \(server.log)")
        }
        await service.stop()
    }

    @Test("A program gets the message on its standard input, and what it writes is the reply")
    func run() async throws {
        let folder = try TemporaryFolder()
        let script = try folder.write(
            """
            #!/bin/sh
            case "$(cat)" in
              *fork*) sleep 600 & sleep 600 & echo forked ;;
              *hang*) sleep 600 ;;
              *secret*) env ;;
              *) echo "[$1] hello" ;;
            esac
            """, to: "answer")
        chmod(script, 0o755)
        chmod(folder.path, 0o755)
        let server = try RuledServer(
            """
            apology: 抱歉
            rules:
              - text: hang
                run: {program: \(script), timeout: 1s}
              - any:
                run: [\(script), an argument]
            """, environment: ["CHAT_KEY": "sk-very-secret"])
        let user = try server.user()
        #expect(await user.reads("hello") == "[an argument] hello")
        #expect(await user.reads("hang") == "抱歉")
        #expect(await user.reads("fork") == "forked")
        let environment = await user.reads("secret") ?? ""
        #expect(environment.contains("PATH="))
        #expect(!environment.contains("sk-very-secret") && !environment.contains("WECHAT_FCGI_CONFIG"))
    }

    @Test("A chat streams its answer, remembers what was said, and starts afresh when told to")
    func chat() async throws {
        let endpoint = try await ScriptedHTTPServer { request in
            guard request.head.headers["Authorization"] == ["Bearer sk-test"] else {
                return ScriptedHTTPServer.answer(
                    "{\"error\":{\"code\":\"invalid_api_key\"}}", "application/json", status: 401)
            }
            return ScriptedHTTPServer.chat(["你问了 ", "\(request.messages.count - 1)", " 句：\(request.question)"])
        }
        let server = try RuledServer(
            """
            apology: 抱歉
            rules:
              - any:
                chat: test
              - any:
                reply: no words
            chats:
              test:
                endpoint: http://127.0.0.1:\(endpoint.port)/v1/chat/completions
                model: test
                key: ${CHAT_KEY}
                system: 简短
            """, environment: ["CHAT_KEY": "sk-test"])
        let user = try server.user()
        #expect(await user.reads("一") == "你问了 1 句：一")
        #expect(await user.reads("二") == "你问了 3 句：二")
        #expect(await user.reads(.voice(mediaID: "m", recognition: "三"))?.text == "你问了 5 句：三")
        #expect(await user.reads(.image(mediaID: "m"))?.text == "no words")
        #expect(await user.reads("新对话")?.isEmpty == false)
        #expect(await user.reads("四") == "你问了 1 句：四")
        await user.send(.unsubscribe)
        #expect(await user.reads("五") == "你问了 1 句：五")
        #expect(!server.log.contains("sk-test"))
        await endpoint.stop()
    }

    @Test("An answer that a chat takes long for is collected, in parts where it is long")
    func lateChat() async throws {
        let sentence = "一二三四五六七八九。"
        let endpoint = try await ScriptedHTTPServer { request in
            var steps = ScriptedHTTPServer.chat([String(repeating: sentence, count: 100)])
            steps.insert(.pause(.milliseconds(5500)), at: 1)
            return steps
        }
        let server = try RuledServer(
            """
            rules: [{any: , chat: test}]
            chats: {test: {endpoint: 'http://127.0.0.1:\(endpoint.port)/', model: test}}
            """)
        let user = try server.user()
        let report = await user.send(.text("长"))
        // The first is past by then; on a slow machine the second may be too.
        #expect(report.deliveries.count > 1, "\(report)")
        let first = try #require(user.texts.last)
        #expect(first.hasPrefix(sentence) && first.utf8.count <= 2048 && first.contains("继续"), "\(first)")
        let second = try #require(await user.reads("1"))
        #expect(second.hasSuffix("。") && second.hasPrefix(sentence))
        #expect(endpoint.requests.count == 1)
        await endpoint.stop()
    }

    @Test("A chat that is broken is the apology, and the log says what to do without the key")
    func brokenChat() async throws {
        let endpoint = try await ScriptedHTTPServer { request in
            switch request.question {
            case "pour": return [.head(200), .pour("x")]
            case "html": return ScriptedHTTPServer.answer("<html></html>", "text/html")
            case "fine": return ScriptedHTTPServer.chat(["fine"])
            default:
                return ScriptedHTTPServer.answer(
                    "{\"error\":{\"code\":\"invalid_api_key\"}}", "application/json", status: 401)
            }
        }
        let server = try RuledServer(
            """
            apology: 抱歉
            rules: [{any: , chat: test}]
            chats: {test: {endpoint: 'http://127.0.0.1:\(endpoint.port)/', model: test, key: sk-secret, timeout: 4s}}
            """)
        let user = try server.user()
        for text in ["key", "html", "pour"] {
            #expect(await user.reads(text) == "抱歉", "\(text): \(server.log)")
            #expect(await user.reads("fine") == "fine", "after \(text): \(server.log)")
        }
        #expect(server.log.contains("401"), "\(server.log)")
        #expect(!server.log.contains("sk-secret"))
        await endpoint.stop()
    }
}
