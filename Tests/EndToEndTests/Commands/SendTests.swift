import Foundation
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("wechat-fcgi send")
struct SendTests {
    static let token = ["WECHAT_TOKEN": Account.single.token]

    @Test(
        "a message goes through nginx in each mode, and its reply is shown",
        arguments: [Account.plain, .compatible, .secure])
    func throughNginx(account: Account) throws {
        let folder = try TemporaryFolder()
        let front = try NginxFront(.file, backend: .unixSocket)
        let file = try folder.write(Account.configuration, to: "c.yaml")
        let outcome = try command(["send", "text", "你好", "--to", front.url(account), "--config", file])
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.text.contains("user      你好\n"))
        #expect(outcome.text.contains("account   你好\n"))
        #expect(!outcome.text.contains("\u{1B}"))
    }

    @Test("with --verbose the request and the reply are shown, decrypted too")
    func verbose() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Account.configuration, to: "c.yaml")
        let server = try Server(in: folder, ["--config", file])
        let outcome = try command([
            "send", "text", "你好", "-v", "--to", "fastcgi:\(server.endpoint)", "--config", file, "--account", "safe",
            "--path", Account.secure.path,
        ])
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.text.contains("> <Content><![CDATA[你好]]></Content>"))
        #expect(outcome.text.contains("&encrypt_type=aes&msg_signature="))
        #expect(outcome.text.contains("<Encrypt>"))
        #expect(outcome.text.contains("< decrypted:"))
    }

    @Test("it starts a plain CGI program with the account in its variables")
    func plainCGI() throws {
        let outcome = try command(
            ["send", "text", "hi", "--to", "cgi:\(Program.path)"],
            [
                "WECHAT_TOKEN": "YourToken", "WECHAT_APP_ID": "wx0123456789abcdef", "WECHAT_AES_KEY": Account.firstKey,
                "WECHAT_ENCRYPTION": "secure", "WECHAT_FCGI_LOG_LEVEL": "critical",
            ])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("account   hi\n"), "\(outcome.text)\(outcome.errorText)")
    }

    @Test("a FastCGI server without an account is handed one where that is asked for")
    func passAccount() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, environment: [:])
        let arguments = ["send", "text", "hi", "--to", "fastcgi:\(server.endpoint)", "--json"]
        let without = try command(arguments, Self.token)
        #expect(without.status == 1)
        #expect(without.text.contains("wrong-path") && without.text.contains("--pass-account"))
        #expect(try command(arguments + ["--pass-account"], Self.token).status == 0)
    }

    @Test("every type and event arrives as what it is")
    func types() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let words: [String: [String]] = [
            "text": ["你好"], "location": ["39.9", "116.4"], "LOCATION": ["39.9", "116.4"],
            "location_select": ["39.9", "116.4"],
        ]
        var names = ["text", "image", "voice", "video", "shortvideo", "location", "link", "miniprogrampage", "file"]
            .map { [$0] }
        let events = Set(SimulatedMessage.sampleEvents.filter { $0.type == .event }.compactMap(\.eventName))
        names += events.sorted().map { ["event", $0] } + [["event", "not_known_yet"], ["device_event"]]
        for name in names {
            let last = name.last ?? ""
            let outcome = try command(
                ["send"] + name + (words[last] ?? []) + ["-v", "--to", "fastcgi:\(server.endpoint)"], Self.token)
            #expect(outcome.status == 0, "\(name): \(outcome.text)\(outcome.errorText)")
            let element = name.count == 2 ? "Event" : "MsgType"
            #expect(outcome.text.contains("<\(element)><![CDATA[\(last)]]></\(element)>"), "\(name)")
        }
    }

    @Test("options and fields say what is in the message")
    func fields() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let cases: [(arguments: [String], text: String)] = [
            (["location", "39.9", "116.4", "--label", "北京"], "<Label><![CDATA[北京]]></Label>"),
            (["location", "--label", "x", "--", "-33.8", "151.2"], "<Location_X>-33.8</Location_X>"),
            (["voice", "--recognition", "文字"], "<Recognition><![CDATA[文字]]></Recognition>"),
            (["image", "--picture", "http://a/b"], "<PicUrl><![CDATA[http://a/b]]></PicUrl>"),
            (["link", "https://a/?b=1&c=2"], "<Url><![CDATA[https://a/?b=1&c=2]]></Url>"),
            (["event", "click", "--key", "about"], "<Event><![CDATA[CLICK]]></Event>"),
            (["event", "CLICK", "--key", "about"], "<EventKey><![CDATA[about]]></EventKey>"),
            (["event", "subscribe", "--scene", "7"], "<EventKey><![CDATA[qrscene_7]]></EventKey>"),
            (["event", "pic_weixin", "--key", "k"], "<EventKey><![CDATA[k]]></EventKey>"),
            (
                ["event", "scancode_push", "--field", "ScanCodeInfo.ScanResult=x"],
                "<ScanResult><![CDATA[x]]></ScanResult>"
            ),
            (["text", "a", "--field", "CreateTime=1700000000"], "<CreateTime>1700000000</CreateTime>"),
            (["text", "a", "--field", "MsgId=7", "--field", "Idx=1"], "<Idx><![CDATA[1]]></Idx>"),
            (["text", "a", "--field", "MsgType=new_type"], "<MsgType><![CDATA[new_type]]></MsgType>"),
            (["text", "a]]>b"], "<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>"),
            (
                ["text", "a", "--from", "oBob", "--original-id", "gh_x"],
                "<FromUserName><![CDATA[oBob]]></FromUserName>"
            ),
        ]
        for (arguments, text) in cases {
            let outcome = try command(
                ["send", "-v", "--to", "fastcgi:\(server.endpoint)"] + arguments, Self.token)
            #expect(outcome.status == 0, "\(arguments): \(outcome.text)\(outcome.errorText)")
            #expect(outcome.text.contains(text), "\(arguments): \(outcome.text)")
        }
    }

    @Test("a body from a file or the standard input is sent as it is")
    func body() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let xml = """
            <xml><ToUserName>gh_a</ToUserName><FromUserName>oA</FromUserName><CreateTime>1700000000</CreateTime>\
            <MsgType>text</MsgType><Content>as it is</Content><MsgId>1</MsgId></xml>
            """
        let file = try folder.write(xml, to: "m.xml")
        for (name, input) in [(file, ""), ("-", xml)] {
            let outcome = try command(
                ["send", "--xml", name, "--json", "--to", "fastcgi:\(server.endpoint)"], Self.token, input: input)
            #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
            #expect(try outcome.json["shown"] as? String == "as it is")
        }
    }

    @Test("what the user sees in the end is the fault notice, with what to change, and the status is 1")
    func faultNotice() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let arguments = ["send", "text", "你好", "--to", "fastcgi:\(server.endpoint)"]
        let outcome = try command(arguments, ["WECHAT_TOKEN": "AnotherToken"])
        #expect(outcome.status == 1)
        for text in ["delivery 1: 403", "delivery 3: 403", "platform  该公众号提供的服务出现故障，请稍后再试", "→ "] {
            #expect(outcome.text.contains(text), "\(outcome.text)")
        }
        let json = try command(arguments + ["--json"], ["WECHAT_TOKEN": "AnotherToken"])
        #expect(json.status == 1)
        #expect(try json.json["outcome"] as? String == "fault")
        #expect((try json.json["deliveries"] as? [Any])?.count == 3)
    }

    @Test("a server that is silent gets its three deliveries, each as long as is said")
    func silent() throws {
        let program = try ScriptedProgram("exec sleep 5")
        let outcome = try command(
            ["send", "text", "你好", "--to", program.target, "--timeout", "0.3"], Self.token)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("delivery 3: "))
        #expect(outcome.text.contains("no answer within 300 ms"), "\(outcome.text)")
    }

    @Test("an account that has nothing to say says nothing", arguments: ["success", ""])
    func nothing(body: String) throws {
        let program = try ScriptedProgram("printf 'Content-Type: text/plain\\n\\n\(body)'")
        let outcome = try command(["send", "text", "你好", "--to", program.target], Self.token)
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("account   (says nothing)"))
    }

    @Test("cards are lines, and warnings are said")
    func cards() throws {
        let items = (1...9).map {
            "<item><Title>标题\($0)</Title><Description>说明</Description><Url>https://a/\($0)</Url></item>"
        }
        let news = try ScriptedProgram(
            ScriptedProgram.reply(
                "<MsgType>news</MsgType><ArticleCount>9</ArticleCount><Articles>\(items.joined())</Articles>"))
        let outcome = try command(["send", "event", "CLICK", "--to", news.target], Self.token)
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("account   ┌ 标题1\n          │ 说明\n          │ https://a/1\n          ┌ 标题2"))
        #expect(outcome.text.contains("┌ 标题8") && !outcome.text.contains("标题9"))
        #expect(outcome.text.contains("warning: 8 of 9 articles are shown"))
    }

    @Test("a reply cannot speak to the terminal")
    func terminal() throws {
        let program = try ScriptedProgram(
            ScriptedProgram.reply(
                "<MsgType>text</MsgType><Content>a\u{9B}31mb\u{202E}c 👨‍👩‍👧\nsecond</Content>"))
        let outcome = try command(["send", "text", "你好", "--to", program.target], Self.token)
        #expect(outcome.text.contains("account   a\\u{9b}31mb\\u{202e}c 👨‍👩‍👧\n          second\n"), "\(outcome.text)")
        #expect(!outcome.text.unicodeScalars.contains("\u{9B}"))
        let json = try command(["send", "text", "你好", "--json", "--to", program.target], Self.token)
        #expect(!json.text.unicodeScalars.contains("\u{9B}"))
        #expect(try json.json["shown"] as? String == "a\u{9B}31mb\u{202E}c 👨‍👩‍👧\nsecond")
        let verbose = try command(["send", "text", "你好", "-v", "--to", program.target], Self.token)
        #expect(!verbose.text.unicodeScalars.contains("\u{9B}"))
    }

    @Test("colours are for terminals, and for those who want them")
    func colours() throws {
        let program = try ScriptedProgram("printf 'Content-Type: text/plain\\n\\nsuccess'")
        let line = "\(Program.path) send text a --to \(program.target)"
        // Gives the command a terminal (script(1)).
        let arguments = ["script", "--quiet", "--return", "--command", line, "/dev/null"]
        let variables = Self.token.merging(["TERM": "xterm", "NO_COLOR": ""]) { $1 }
        let coloured = try run(arguments, environment: programEnvironment(variables))
        #expect(coloured.status == 0 && coloured.text.contains("\u{1B}[1ma\u{1B}[0m"), "\(coloured.text)")
        for plain in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
            let outcome = try run(arguments, environment: programEnvironment(variables.merging(plain) { $1 }))
            #expect(outcome.status == 0 && !outcome.text.contains("\u{1B}"))
        }
    }

    static let misuses: [[String]] = [
        [], ["text"], ["text", "a", "b"], ["txet", "a"], ["event"], ["event", "CLICK", "x"], ["location", "39.9"],
        ["location", "north", "116"], ["image", "--label", "x"], ["text", "a", "--field", "x"],
        ["text", "a", "--field", "a b=1"], ["text", "a", "--field", "ToUserName=x"], ["--xml", "/nowhere"],
        ["text", "a", "--xml", "x"], ["text", "a", "--to", "nowhere"], ["text", "a", "--timeout", "0"],
        ["text", "a", "--mode", "none"], ["text", "a", "--token", "no token"], ["text", "a", "--mode", "secure"],
        ["text", "a", "--config", "/nowhere"], ["text", "a", "--account", "x"], ["text", "a", "--deliveries", "0"],
        ["text", "a", "--path", "wechat"], ["text", "a", "--config", "x", "--token", "hello"],
    ]

    @Test("wrong use ends with 64 and says what is right", arguments: misuses)
    func misuse(arguments: [String]) throws {
        let outcome = try command(
            ["send"] + arguments + (arguments.contains("--to") ? [] : ["--to", "cgi:/bin/true"]),
            arguments.contains("--config") ? [:] : Self.token)
        #expect(outcome.status == 64, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.errorText.hasPrefix("Error: "))
        #expect(outcome.errorText.contains("\nUsage: wechat-fcgi send "), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("  See 'wechat-fcgi send --help'"), "\(outcome.errorText)")
        #expect(outcome.output.isEmpty)
    }

    @Test(
        "what was likely meant is said",
        arguments: [
            (["你好"], "'你好' is no type: was text 你好 meant? Types: text, "),
            (["hello", "world"], "'hello' is no type: was text 'hello world' meant? Types: "),
            (["txet", "a"], "'txet' is no type: was text meant? Types: "),
            (["text", "hello", "world"], "a text is one word, so put it in quotes: text 'hello world'"),
            (["text"], "text is written: text CONTENT"),
            (["text", "a", "--to", "localhost/wechat"], "did you mean http://localhost/wechat?"),
        ])
    func meant(arguments: [String], text: String) throws {
        let outcome = try command(
            ["send"] + arguments + (arguments.contains("--to") ? [] : ["--to", "cgi:/bin/true"]), Self.token)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains(text), "\(outcome.errorText)")
    }

    @Test("without a Token, and without a server, it says how they are given")
    func missing() throws {
        let noToken = try command(["send", "text", "a", "--to", "cgi:/bin/true"])
        #expect(noToken.status == 64 && noToken.errorText.contains("WECHAT_TOKEN"))
        let noServer = try command(["send", "text", "a"], Self.token)
        #expect(noServer.status == 64 && noServer.errorText.contains("WECHAT_URL"))
    }

    @Test("WECHAT_URL is the server where none is named")
    func variable() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let variables = Self.token.merging(["WECHAT_URL": "fastcgi:\(server.endpoint)"]) { $1 }
        for arguments in [["send", "text", "a"], ["verify"], ["doctor"]] {
            #expect(try command(arguments, variables).status == 0)
        }
    }

    @Test("of a file with several accounts the one of the path is taken, or it is asked which")
    func accountOfFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Account.configuration, to: "c.yaml")
        let server = try Server(in: folder, ["--config", file])
        let base = ["send", "text", "a", "--to", "fastcgi:\(server.endpoint)", "--config", file]
        #expect(try command(base + ["--path", Account.plain.path]).status == 0)
        let asked = try command(base)
        #expect(asked.status == 64 && asked.errorText.contains(Account.plain.path))
        #expect(!asked.errorText.contains(Account.plain.token))
        let unknown = try command(base + ["--account", "foo"])
        #expect(unknown.status == 64 && unknown.errorText.contains("\(file) has no account 'foo'"))
        #expect(unknown.errorText.contains(Account.plain.path))
        let inPath = try command(base + ["--account", "/wechat/demo/{token}"])
        #expect(inPath.status == 64 && inPath.errorText.contains("in the path"))
    }
}
