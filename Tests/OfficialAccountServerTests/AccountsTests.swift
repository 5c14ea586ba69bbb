import FastCGI
import Logging
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountServer

@Suite("The account of a request")
struct AccountsTests {
    private static let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

    private func file() throws -> Accounts {
        try Accounts([
            Account(
                path: PathPattern(parsing: "/wechat"), credentials: Credentials(token: Token(parsing: "filetoken"))),
            Account(
                name: "shop", path: PathPattern(parsing: "/wechat/shop"),
                credentials: Credentials(token: Token(parsing: "shoptoken"), appID: AppID(parsing: "wxshop"))),
            Account(
                path: PathPattern(parsing: "/wechat/named"),
                credentials: Credentials(token: Token(parsing: "named"), appID: AppID(parsing: "wxnamed"))),
            Account(tokenIn: PathPattern(parsing: "/demo/{token}")),
            Account(name: "try", tokenIn: PathPattern(parsing: "/try/{token}")),
        ])
    }

    private func live(_ accounts: Accounts, maxAge: Int64 = 600) -> LiveConfiguration {
        LiveConfiguration(accounts: accounts, maxAge: maxAge, logger: LogLines().logger())
    }

    private func token(_ served: AccountDirectory.Served) -> String { served.callback.credentials.token.rawValue }

    @Test("an account of the file is found by its path and named by its name, its AppID or its path")
    func byPath() throws {
        let live = live(try file())
        for (path, name, expected) in [
            ("/wechat", "/wechat", "filetoken"), ("/wechat/any", "/wechat", "filetoken"),
            ("/wechat/shop", "shop", "shoptoken"), ("/wechat/named", "wxnamed", "named"),
        ] {
            let served = try live.account(of: .test("GET", path))
            #expect(served.name == name)
            #expect(token(served) == expected)
        }
    }

    @Test("the path is decoded once: an encoded slash or dot is one, an encoded percent sign is none")
    func decoding() throws {
        let live = live(try file())
        #expect(try live.account(of: .test("GET", "/wech%61t")).name == "/wechat")
        #expect(throws: AccountDirectory.Missing.self) { try live.account(of: .test("GET", "/wech%2561t")) }
        #expect(throws: AccountDirectory.Missing.self) { try live.account(of: .test("GET", "/wechat/%2e%2e/wechat")) }
        #expect(throws: AccountDirectory.Missing.self) { try live.account(of: .test("GET", "/x%2f..%2fwechat")) }
    }

    @Test("with {token} the Token is that element of the path, and the name is a hash of it")
    func tokenInPath() throws {
        let live = live(try file())
        let served = try live.account(of: .test("GET", "/demo/MyToken1"))
        #expect(token(served) == "MyToken1")
        #expect(served.name.count == 12)
        #expect(!served.name.contains("MyToken1"))
        // The same wherever the account is served: what is kept under the name is found there.
        #expect(served.name == "cfe8ba6ff4f3")
        #expect(try live.account(of: .test("GET", "/demo/MyToken1/")).name == served.name)
        #expect(try live.account(of: .test("GET", "/demo/MyToken2")).name != served.name)
        #expect(try live.account(of: .test("GET", "/try/MyToken1")).name == "try-" + served.name)
        #expect(throws: AccountDirectory.Missing.self) { try live.account(of: .test("GET", "/demo")) }
        #expect(throws: AccountDirectory.Missing.self) { try live.account(of: .test("GET", "/demo/no!")) }
    }

    @Test("two machines keep the same account's things in one place: by its AppID, else its path, and by no mere name")
    func sharedKeys() throws {
        func key(_ name: String?, _ path: String, appID: String? = nil) throws -> String {
            let account = try Account(
                name: name, path: PathPattern(parsing: path),
                credentials: Credentials(token: Token(parsing: "hello"), appID: appID.map(AppID.init(parsing:))))
            return try live(Accounts([account])).account(of: .test("GET", path)).handling.key
        }
        #expect(try key("shop", "/wechat", appID: "wxshop") == key("club", "/shop", appID: "wxshop"))
        #expect(try key("shop", "/wechat", appID: "wxshop") != key("shop", "/wechat", appID: "wxclub"))
        #expect(try key("shop", "/wechat") == key("club", "/wechat"))
        #expect(try key(nil, "/wechat") == key("shop", "/wechat"))
        #expect(try key("shop", "/wechat") != key("shop", "/shop"))

        func openKey(_ name: String?, _ path: String) throws -> String {
            let account = try Account(name: name, tokenIn: PathPattern(parsing: path + "/{token}"))
            return try live(Accounts([account])).account(of: .test("GET", path + "/MyToken1")).handling.key
        }
        #expect(try openKey("demo", "/a") == openKey("demo", "/b"))
        #expect(try openKey("demo", "/a") != openKey("try", "/a"))

        // By the web server's variables alone: the AppID, else the Token.
        func ofRequest(_ path: String, _ variables: KeyValuePairs<String, String>) throws -> String {
            try live(.ofRequests).account(of: .test("GET", path, variables)).handling.key
        }
        #expect(
            try ofRequest("/a", ["WECHAT_TOKEN": "one", "WECHAT_APP_ID": "wxshop"])
                == key(nil, "/b", appID: "wxshop"))
        #expect(try ofRequest("/a", ["WECHAT_TOKEN": "one"]) == ofRequest("/b", ["WECHAT_TOKEN": "one"]))
        #expect(try ofRequest("/a", ["WECHAT_TOKEN": "one"]) != ofRequest("/a", ["WECHAT_TOKEN": "two"]))
    }

    @Test("any number of Tokens in paths does not grow what is remembered")
    func bounded() throws {
        let live = live(try file())
        for number in 0..<2_000 {
            #expect(try token(live.account(of: .test("GET", "/demo/t\(number)x"))) == "t\(number)x")
        }
        #expect(live.directory.rememberedCount <= 256)
    }

    @Test("a request's own variables replace the credentials of the account found by its path")
    func replaced() throws {
        let live = live(try file())
        let variables: KeyValuePairs = ["WECHAT_TOKEN": "fromrequest", "WECHAT_APP_ID": "wxrequest"]
        let served = try live.account(of: .test("GET", "/wechat/shop", variables))
        #expect(served.name == "shop")
        #expect(token(served) == "fromrequest")
        #expect(served.callback.credentials.appID?.rawValue == "wxrequest")
        #expect(throws: AccountDirectory.Missing.self) { try live.account(of: .test("GET", "/nowhere", variables)) }
        #expect(try live.account(of: .test("GET", "/demo/Token1", ["WECHAT_TOKEN": "one"])).name == "/demo/{token}")
    }

    @Test("without a file a request's own variables make an account, at any path")
    func made() throws {
        let live = live(.ofRequests)
        let named: KeyValuePairs = ["WECHAT_TOKEN": "one", "WECHAT_APP_ID": "wxone"]
        #expect(try live.account(of: .test("GET", "/a/../b", named)).name == "wxone")
        let unnamed = try live.account(of: .test("GET", "//", ["WECHAT_TOKEN": "two"])).name
        #expect(unnamed.count == 12 && unnamed != "two")
        // Whoever asks chooses what stands below a location's prefix, and would so choose the name.
        #expect(try live.account(of: .test("GET", "/a/b", ["WECHAT_TOKEN": "two"])).name == unnamed)
        #expect(live.directory.rememberedCount == 2)
        #expect(throws: AccountDirectory.Missing.none(paths: "")) { try live.account(of: .test("GET", "/")) }
    }

    @Test("credentials come all from the first source that names a Token")
    func neverMixed() throws {
        let environment = [
            "WECHAT_TOKEN": "environ", "WECHAT_APP_ID": "wxenviron", "WECHAT_APP_SECRET": "0123456789abcdef",
            "WECHAT_AES_KEY": Self.key, "WECHAT_PREVIOUS_TOKEN": "before", "WECHAT_ENCRYPTION": "compatible",
        ]
        let live = live(try Accounts(environment: ProcessEnvironment(environment)))
        let own = try live.account(of: .test("GET", "/", ["WECHAT_TOKEN": "fromrequest"])).callback.credentials
        #expect(own.appID == nil && own.appSecret == nil && own.encodingAESKey == nil && own.previousToken == nil)
        #expect(own.encryption == .plain)

        let none = try live.account(of: .test("GET", "/", ["WECHAT_APP_ID": "wxother", "WECHAT_TOKEN": ""])).callback
            .credentials
        #expect(none.token.rawValue == "environ")
        #expect(none.appID?.rawValue == "wxenviron")
        #expect(none.encryption == .compatible)
        #expect(none.previousToken?.rawValue == "before")

        let withFile = self.live(try file())
        let fromFile = try withFile.account(of: .test("GET", "/wechat", ["WECHAT_AES_KEY": Self.key])).callback
            .credentials
        #expect(fromFile.token.rawValue == "filetoken")
        #expect(fromFile.encodingAESKey == nil)
    }

    @Test("what a client sends never counts as credentials")
    func clientHeaders() throws {
        let live = live(.ofRequests)
        #expect(throws: AccountDirectory.Missing.self) {
            try live.account(of: .test("GET", "/", ["HTTP_WECHAT_TOKEN": "evil", "HTTP_WECHAT_APP_ID": "wxevil"]))
        }
    }

    @Test("the same variables are read once, and others are never taken for them")
    func remembered() throws {
        let live = live(.ofRequests)
        for _ in 0..<3 {
            for number in 0..<10 {
                let served = try live.account(
                    of: .test("GET", "/", ["WECHAT_TOKEN": "token\(number)", "WECHAT_APP_ID": "wx\(number)"]))
                #expect(token(served) == "token\(number)")
                #expect(served.name == "wx\(number)")
            }
        }
        #expect(live.directory.rememberedCount == 10)
    }

    @Test(
        "a variable that is not accepted is a 500, named in the log without its value",
        arguments: [
            ("WECHAT_TOKEN", "no good secret", "3 to 32"), ("WECHAT_TOKEN", "no-good", "letters"),
            ("WECHAT_AES_KEY", "badsecretkey", "43"), ("WECHAT_PREVIOUS_AES_KEY", "badsecretkey", "43"),
            ("WECHAT_ENCRYPTION", "safe", "plain, compatible, secure"),
            ("WECHAT_APP_SECRET", "shortsecret", "16 to 64"), ("WECHAT_APP_ID", "wx secret", "letters"),
        ])
    func malformed(variable: String, value: String, expected: String) async throws {
        let bench = Bench(.ofRequests)
        var request = Request.test("GET", query: Platform().query + "&echostr=x")
        if variable != "WECHAT_TOKEN" { request.parameters.append(name: "WECHAT_TOKEN", value: "hello") }
        request.parameters.append(name: variable, value: value)
        let response = await bench.respond(request)
        #expect(response.status == 500)
        #expect(response.text.count { $0 == "\n" } == 1)
        #expect(!response.text.contains(variable))
        let line = try #require(bench.lines.all.first)
        #expect(line.hasPrefix("error: refused: \(variable): "))
        #expect(variable == "WECHAT_TOKEN" || line.contains(expected))
        #expect(!line.contains(value) || variable == "WECHAT_ENCRYPTION")
    }

    @Test(
        "a variable that another one asks for is named in the log",
        arguments: [
            ("WECHAT_ENCRYPTION", "secure", "WECHAT_AES_KEY: not set"),
            ("WECHAT_AES_KEY", key, "WECHAT_APP_ID: not set"),
        ])
    func missing(variable: String, value: String, expected: String) async throws {
        let bench = Bench(.ofRequests)
        var request = Request.test("GET", query: Platform().query + "&echostr=x", ["WECHAT_TOKEN": "hello"])
        request.parameters.append(name: variable, value: value)
        #expect(await bench.respond(request).status == 500)
        #expect(try #require(bench.lines.all.first).hasPrefix("error: refused: \(expected)"))
    }

    @Test("the process's own variables are checked at the start")
    func environment() {
        let error = #expect(throws: AccountVariableError.self) {
            try Accounts(environment: ProcessEnvironment(["WECHAT_TOKEN": "hello", "WECHAT_AES_KEY": "short"]))
        }
        #expect(error?.variable == "WECHAT_AES_KEY")
        #expect(error?.description.contains("43") == true)
    }

    @Test("two accounts never have the same path")
    func samePath() throws {
        #expect(throws: AccountsError.samePath("/demo/{token}")) {
            try Accounts([
                Account(tokenIn: PathPattern(parsing: "/demo/{token}/")),
                Account(tokenIn: PathPattern(parsing: "/demo/{token}")),
            ])
        }
    }

    @Test("a reload replaces the accounts while requests are answered", .timeLimit(.minutes(1)))
    func replacing() async throws {
        let live = live(try file())
        let other = try Accounts([
            Account(path: PathPattern(parsing: "/wechat"), credentials: Credentials(token: Token(parsing: "newtoken")))
        ])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<500 {
                        let served = try live.account(of: .test("GET", "/wechat"))
                        #expect(["filetoken", "newtoken"].contains(served.callback.credentials.token.rawValue))
                        #expect((served.callback.credentials.token.rawValue == "newtoken") == (served.maxAge == 7))
                    }
                }
            }
            for round in 0..<100 {
                round.isMultiple(of: 2)
                    ? live.replace(accounts: other, maxAge: 7) : live.replace(accounts: try file(), maxAge: 600)
            }
            live.replace(accounts: other, maxAge: 7)
            try await group.waitForAll()
        }
        #expect(try token(live.account(of: .test("GET", "/wechat"))) == "newtoken")
    }
}
