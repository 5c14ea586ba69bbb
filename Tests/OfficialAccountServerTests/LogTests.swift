import FastCGI
import Logging
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountServer

@Suite("What the log says")
struct LogTests {
    private static let environment = ["WECHAT_TOKEN": "hello", "WECHAT_APP_ID": "wxname"]

    @Test("at info a message is one line: account, type, number, outcome, milliseconds")
    func info() async throws {
        let bench = try Bench(environment: Self.environment, level: .info)
        let query = Platform().query
        _ = await bench.respond(
            .test(query: query, body: Platform.text("what the user wrote", id: 9_876_543_210_987_654_321)))
        let line = try #require(bench.lines.all.first)
        #expect(bench.lines.all.count == 1)
        #expect(line.hasPrefix("info: answered: text account=wxname message=9876543210987654321 ms="))
        #expect(line.hasSuffix(" type=text"))
    }

    @Test("an event has its name and its time for a key, and none is answered")
    func event() async throws {
        let bench = try Bench(environment: Self.environment, level: .info)
        let xml = """
            <xml><ToUserName>gh</ToUserName><FromUserName>oUser</FromUserName><CreateTime>123</CreateTime>\
            <MsgType>event</MsgType><Event>CLICK</Event><EventKey>what the user tapped</EventKey></xml>
            """
        #expect(await bench.respond(.test(query: Platform().query, body: xml)).text == "success")
        #expect(
            bench.lines.all.first?.hasPrefix("info: answered: none account=wxname created=123 event=CLICK ms=") == true)
        #expect(bench.lines.all.first?.hasSuffix(" type=event") == true)
    }

    @Test("at notice, the default, a good request leaves no line")
    func notice() async throws {
        let bench = try Bench(environment: Self.environment)
        _ = await bench.respond(.test(query: Platform().query, body: Platform.text("x")))
        _ = await bench.respond(.test("GET", query: Platform().query + "&echostr=x"))
        #expect(bench.lines.all.isEmpty)
    }

    @Test("a handler that throws answers success, and the log has the message's number but nothing of its content")
    func handlerFails() async throws {
        let bench = try Bench(environment: Self.environment)
        let response = await bench.respond(.test(query: Platform().query, body: Platform.text("throw", id: 77)))
        #expect(response.status == 200)
        #expect(response.text == "success")
        let line = try #require(bench.lines.all.first)
        #expect(line.hasPrefix("error: a handler failed account=wxname error="))
        #expect(line.contains("Failure.withContent message=77"))
        #expect(!line.contains("throw"))
    }

    private func file(_ tokens: [String: String]) throws -> Accounts {
        try Accounts(
            tokens.sorted { $0.key < $1.key }.map { path, token in
                try Account(
                    path: PathPattern(parsing: path), credentials: Credentials(token: Token(parsing: token)))
            })
    }

    @Test("where the web server's Token was taken in place of the file's, the line of a wrong signature says so")
    func variableWins() async throws {
        let bench = Bench(try file(["/wechat": "hello"]))
        let query = Platform().query
        _ = await bench.respond(.test(query: query, body: Platform.text("x"), ["WECHAT_TOKEN": "another"]))
        _ = await bench.respond(.test("GET", query: query + "&echostr=x", ["WECHAT_TOKEN": "another"]))
        #expect(bench.lines.all.count == 2)
        for line in bench.lines.all {
            #expect(line.hasPrefix("notice: refused: the signature does not hold"))
            #expect(line.contains("WECHAT_TOKEN") && line.contains("configuration file"), "\(line)")
        }
        // Where the file's own counts, or where there is no file, nothing is said of the other.
        let wrong = Platform(token: "wrong").query
        let without = try Bench(environment: Self.environment)
        _ = await bench.respond(.test(query: wrong, body: Platform.text("x")))
        _ = await without.respond(.test(query: wrong, body: Platform.text("x"), ["WECHAT_TOKEN": "another"]))
        #expect(bench.lines.all.last?.contains("WECHAT_TOKEN") == false)
        #expect(without.lines.all.last?.contains("WECHAT_TOKEN") == false)
    }

    @Test("an account whose Token is the placeholder of the files to copy is warned of once")
    func placeholder() async throws {
        let query = Platform(token: "YourToken").query + "&echostr=x"
        let bench = Bench(try file(["/wechat": "hello"]))
        for _ in 0..<3 {
            #expect(await bench.respond(.test("GET", query: query, ["WECHAT_TOKEN": "YourToken"])).text == "x")
            bench.configuration.replace(accounts: try file(["/wechat": "hello"]), maxAge: 600)
        }
        #expect(bench.lines.all.count == 1)
        #expect(bench.lines.all.first?.hasPrefix("warning: the Token is 'YourToken'") == true)
        #expect(bench.lines.all.first?.contains("account=/wechat") == true)

        let inFile = Bench(try file(["/a": "YourToken", "/b": "YourToken", "/c": "hello"]))
        #expect(inFile.lines.all.count == 2)
        // There anybody may choose any Token.
        let anyone = Bench(try Accounts([Account(tokenIn: PathPattern(parsing: "/x/{token}"))]))
        #expect(await anyone.respond(.test("GET", "/x/YourToken", query: query)).text == "x")
        #expect(anyone.lines.all.isEmpty)
    }

    @Test("a reply that had to be changed is a warning")
    func changed() async throws {
        let lines = LogLines()
        let configuration = LiveConfiguration(
            accounts: try Accounts(environment: ProcessEnvironment(Self.environment)), maxAge: 600,
            logger: lines.logger(.notice))
        let article = Article(title: "t", description: "d", pictureURL: "http://p", url: "http://u")
        let exchange = Exchange(
            bot: Bot { On(.text) { _, _ in .news(article, article) } }, configuration: configuration,
            logger: lines.logger(.notice), now: { Platform.now })
        let response = await exchange.respond(to: .test(query: Platform().query, body: Platform.text("x")))
        #expect(response.text.contains("<ArticleCount>1</ArticleCount>"))
        #expect(lines.all.first?.hasPrefix("warning: reply changed: 2 articles were cut to 1") == true)
    }

    @Test("customer service that an account cannot use is told of when a late answer first asks for it, once for each")
    func customerServiceFallsBack() {
        let lines = LogLines()
        let log = HandlingLog(lines.logger(.notice), now: { Platform.now })
        func account(_ name: String, _ mode: LateAnswers.Mode) -> HandlingAccount {
            HandlingAccount(name: name, late: LateAnswers(mode: mode), logger: lines.logger(.notice))
        }
        for _ in 0..<3 {
            for name in ["shop", "club"] { log.observe(.deferred, account(name, .customerService), nil) }
            log.observe(.deferred, account("other", .collect), nil)
            log.observe(.collected, account("third", .customerService), nil)
        }
        #expect(lines.all.count == 2, "\(lines.text)")
        for line in lines.all {
            #expect(line.hasPrefix("warning: a late answer waits to be collected, as with late: collect"), "\(line)")
            #expect(line.contains("app_secret") && line.contains("WECHAT_APP_SECRET"), "\(line)")
        }
    }

    @Test("nobody fills the log: of each kind a few lines a minute, with a count of the others")
    func limited() async throws {
        let bench = try Bench(environment: Self.environment)
        for _ in 0..<500 { _ = await bench.respond(.test("GET", query: "signature=x")) }
        _ = await bench.respond(.test("PUT"))
        #expect(bench.lines.all.count == 11)

        var limiter = LineLimiter<String>(linesPerMinute: 2)
        let admitted = (0..<5).map { _ in limiter.admit("a", second: 59) }
        #expect(admitted == [0, 0, nil, nil, nil])
        #expect(limiter.admit("b", second: 59) == 0)
        #expect(limiter.admit("a", second: 60) == 3)
        #expect(limiter.admit("a", second: 61) == 0)
        #expect(limiter.admit("a", second: 62) == nil)
    }

    @Test("what a client sends forges no line and speaks to no terminal")
    func oneLine() {
        var line = LogLine(second: 0, level: .info, label: "bot", message: "a\nb\u{1B}[31m\u{85}c\u{2028}")
        line.append("type", "text \"x\"\r\n2026-01-01T00:00:00Z info: forged")
        line.append("plain", "wx0123")
        line.append("empty", "")
        let expected =
            #"1970-01-01T00:00:00Z info bot: a\u{a}b\u{1b}[31m\u{85}c\u{2028} type="text \"x\"\u{d}\u{a}"#
            + #"2026-01-01T00:00:00Z info: forged" plain=wx0123 empty="""#
        #expect(line.text == expected)
        #expect(
            LogLine(second: 1_769_860_800, level: .error, label: "b", message: "x").text
                == "2026-01-31T12:00:00Z error b: x")
    }

    private static let valueCases: [(String, String)] = [
        (#"a \" message=1 account=other x"#, #""a \\\" message=1 account=other x""#),
        (#"tail \"#, #""tail \\""#),
        (#"bare\"#, #""bare\\""#),
        (#"\u{a}"#, #""\\u{a}""#),
        ("\u{202E}evil\u{200B}\u{2066}", #""\u{202e}evil\u{200b}\u{2066}""#),
        ("\u{200F}\u{2028}\u{2060}\u{FEFF}\u{85}", #""\u{200f}\u{2028}\u{2060}\u{feff}\u{85}""#),
        ("\u{AD}\u{61C}\u{115F}\u{FE0F}\u{E0041}", #""\u{ad}\u{61c}\u{115f}\u{fe0f}\u{e0041}""#),
        ("\u{9B}31m", #""\u{9b}31m""#),
        ("a\u{3000}b", "\"a\u{3000}b\""),
        ("公众号é", "公众号é"),
    ]

    @Test("a value ends where it ends, and nothing in it is unseen", arguments: valueCases)
    func values(value: String, expected: String) {
        var line = LogLine(second: 0, level: .info, label: "bot", message: "x")
        line.append("type", value)
        #expect(line.text == "1970-01-01T00:00:00Z info bot: x type=" + expected)
    }

    @Test("a level that is changed counts for loggers that were made before, unless they have one of their own")
    func level() {
        let level = LogLevelSwitch(.notice)
        let logger = Logger(label: "x") { StandardErrorLog(label: $0, level: level) }
        var own = logger
        own.logLevel = .error
        level.level = .debug
        #expect(logger.logLevel == .debug)
        #expect(own.logLevel == .error)
        for value in Logger.Level.allCases {
            level.level = value
            #expect(level.level == value)
        }
    }

    @Test("what the server tells of itself is logged, each kind a few times a minute")
    func serverEvents() {
        let lines = LogLines()
        let log = ServerLog(lines.logger(.notice), now: { 0 })
        for type in 0..<100 { log.observe(.refused(.unexpected(type: UInt8(type)))) }
        log.observe(.peerLeft)
        log.observe(.descriptorLimit(errno: 24))
        log.observe(.stopped(unfinished: 3))
        #expect(lines.all.count == 12)
        #expect(lines.all.first == "notice: connection closed: a record that has no place there (type 0)")
        #expect(lines.all.last == "warning: stopped; 3 connections were cut off (stop_timeout)")
    }
}
