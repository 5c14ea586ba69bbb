import FastCGI
import Logging
import OfficialAccount
import OfficialAccountBot
import OfficialAccountRules
import OfficialAccountServer
import TestSupport
import Testing

@testable import wechat_fcgi

@Suite("A configuration file")
struct ConfigurationTests {
    private static let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    private static let secret = "s3cretvalue"

    private func read(_ text: String, _ variables: [String: String] = [:]) throws(ConfigurationError) -> Configuration {
        try Configuration(text: text, file: "bot.yaml", substitution: Substitution { variables[$0] })
    }

    private func mistakes(_ text: String, _ variables: [String: String] = [:]) -> [String] {
        do throws(ConfigurationError) {
            _ = try read(text, variables)
            return []
        } catch {
            return error.lines
        }
    }

    @Test("has settings of the process and accounts")
    func complete() throws {
        let configuration = try read(
            """
            server:
              listen: 127.0.0.1:9000
              max_body: 2MiB
              log_level: info
            accounts:
              - path: /wechat
                name: main account
                token: 0123
                app_id: wx0123456789abcdef
                app_secret: 0123456789abcdef0123456789abcdef
                aes_key: \(Self.key)
                previous_token: before
                previous_aes_key: \(String(Self.key.reversed()))
                encryption: compatible
              - path: /wechatMP/{token}
            """)
        #expect(configuration.accounts != nil)
        let settings = try ServerSettings(layers: configuration.settings)
        #expect(settings.limits.bodyBytes == 2 << 20)
        #expect(settings.logLevel == .info)
        #expect(
            configuration.settings.first { $0.setting.name == "max_body" }?.origin == "bot.yaml:3:13: server.max_body")
    }

    @Test("that does not speak of accounts leaves them to requests and environment")
    func noAccounts() throws {
        #expect(try read("server: {max_age: 0}").accounts == nil)
    }

    @Test("takes ${NAME} from credentials or the environment, after it was parsed")
    func substitution() throws {
        let text = """
            accounts:
              - {path: /a, token: "${TOKEN}", name: "n-${A}${B}-$${C}"}
            """
        #expect(mistakes(text, ["TOKEN": "hello", "A": "x: [y", "B": "*z"]).isEmpty)
        #expect(
            mistakes(text, ["A": "1", "B": "2"]) == [
                "bot.yaml:2:23: token: neither a credential nor an environment variable has the name TOKEN"
            ])
        #expect(
            mistakes("server: {max_age: '${../../etc/passwd}'}").first?.hasPrefix(
                "bot.yaml:1:19: max_age: expected ${NAME}") == true)
        #expect(mistakes("server: {max_age: '${A'}").count == 1)
    }

    @Test("a list is taken for a setting of several values, for the process as for an account")
    func lists() throws {
        let configuration = try read(
            """
            server:
              collect_words: [1, 好]
              status_allow:
                - 192.0.2.7
                - 10.0.0.0/8
            accounts:
              - {path: /a, token: hello, collect_words: [2, 好的]}
            """)
        let settings = try ServerSettings(layers: configuration.settings)
        #expect(settings.late.collectWords == ["1", "好"])
        #expect(settings.statusAllow != ServerSettings().statusAllow)
        #expect(
            mistakes("server: {status_allow: [nowhere]}").first?.hasPrefix("bot.yaml:1:24: server.status_allow: ")
                == true)
    }

    @Test("a Token that is missing is one mistake, and not another for each service that needs it")
    func missingToken() {
        let lines = mistakes(
            """
            accounts:
              - path: /a
                token: ${NOT_SET}
                rules:
                  - any:
                    forward: {url: "https://example.com", as: xml}
            """)
        #expect(lines.count == 1, "\(lines)")
    }

    @Test("what is accepted but likely not meant is a warning")
    func warnings() throws {
        let lines = try read(
            """
            accounts:
              - path: /a
                token: hello
                app_id: gh_0123456789ab
                name: $WECHAT_NAME
            """
        ).warnings.map { $0.line(in: "bot.yaml") }
        #expect(
            lines.sorted() == [
                "bot.yaml:4:13: warning: app_id: this is the account's original ID (gh_…); the AppID begins with wx, on the page 基本配置",
                "bot.yaml:5:11: warning: name: write ${WECHAT_NAME} to have the variable's value there",
            ])
        let token = mistakes("accounts: [{path: /a, token: $WECHAT_TOKEN}]")
        #expect(token.contains { $0.contains("write ${WECHAT_TOKEN} to have") }, "\(token)")
    }

    @Test("a timeout that the server's own cuts short is a warning, whatever that is set by")
    func timeouts() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            accounts:
              - path: /a
                token: hello
                rules:
                  - {text: a, forward: {url: "https://example.com", timeout: 5m}}
                  - {text: b, run: {program: /bin/true, timeout: 61}}
                  - {any: , chat: model}
                chats:
                  model: {endpoint: "https://example.com/v1", model: m, timeout: 50s}
            """, to: "bot.yaml")
        func warnings(_ flags: [SettingValue]) throws -> [String] {
            try ConfigurationLoader(
                launch: .none, flags: [SettingValue(.config, file)] + flags, environment: ProcessEnvironment([:])
            ).load().warnings
        }
        let standard = try warnings([])
        #expect(standard.count == 2, "\(standard)")
        #expect(
            standard.first
                == "\(file):5:66: warning: timeout: the answer is cut off after 60s, which is handler_timeout: shorten it, or set server.handler_timeout to 300s or more"
        )
        #expect(try warnings([SettingValue(.handlerTimeout, "5m")]) == [])
        #expect(try warnings([SettingValue(.handlerTimeout, "10")]).count == 3)
    }

    @Test("every mistake is reported at once, with its line and column and what was meant")
    func everyMistake() {
        let lines = mistakes(
            """
            servr:
              max_body: 1
            server:
              max-body: 1
              max_age: soon
              workers: [1]
              config: other.yaml
            accounts:
              - path: wechat
                token: hello
              - path: /b
                tokn: hello
              - path: /c
                token: no
                aes_key: \(Self.secret)
                encryption: safe
              - path: /d/{token}
                token: hello
              - token: hello
              - /e
              - path: /f
                token: hello
              - path: /f/
                token: hello
              - path: /g
                token: hello
                encryption: secure
              - path: /h
                token:
            """)
        let expected = [
            "bot.yaml:1:1: unknown key 'servr', did you mean 'server'?",
            "bot.yaml:4:3: unknown key 'max-body', did you mean 'max_body'?",
            "bot.yaml:5:12: server.max_age: 'soon' is not accepted; expected a number of seconds",
            "bot.yaml:6:12: workers is written as a single value",
            "bot.yaml:7:3: unknown key 'config'",
            "bot.yaml:9:11: path: a path begins with a slash, as in /wechat",
            "bot.yaml:11:5: an account needs a Token",
            "bot.yaml:12:5: unknown key 'tokn', did you mean 'token'?",
            "bot.yaml:14:12: token: the Token must have 3 to 32 characters and has 2",
            "bot.yaml:15:14: aes_key: the EncodingAESKey must have 43 characters and has 11",
            "bot.yaml:16:17: encryption: expected plain, compatible, secure",
            "bot.yaml:18:12: token: with {token} in its path anyone can choose the Token",
            "bot.yaml:19:5: the account has no path",
            "bot.yaml:20:5: an account is written as keys with values",
            "bot.yaml:23:11: two accounts have the path /f",
            "bot.yaml:25:5: encrypted messages need an EncodingAESKey",
            "bot.yaml:29:11: token has no value",
        ]
        #expect(lines.count == expected.count, "\(lines)")
        for (line, beginning) in zip(lines, expected) { #expect(line.hasPrefix(beginning)) }
    }

    @Test(
        "that is no configuration is refused with one mistake",
        arguments: [
            "", "   \n", "# nothing", "just text", "- a\n- b", "accounts: []", "accounts: {}", "accounts:", "server: 7",
            "a: b: c", "server: {max_age: 1", "\tserver:", "server: \"x", "--- a\n--- b", "server: !!binary x",
            "server: {max_age: 1}\nserver: {max_age: 2}", "? [a]\n: b",
        ])
    func nonsense(text: String) {
        #expect(mistakes(text).count == 1, "\(mistakes(text))")
    }

    @Test("no mistake repeats a value that could be a secret, not even where the YAML is broken")
    func noSecrets() {
        for text in [
            "accounts:\n  - path: /a\n    token: \(Self.secret)-\n    aes_key: \(Self.secret)\n    app_secret: \(Self.secret)",
            "accounts:\n  - path: /a\n    token: \"\(Self.secret)\n", "token: \(Self.secret): x",
            "accounts:\n  - path: /a\n    token: [\(Self.secret)]", "accounts: \(Self.secret)",
            "accounts:\n  - path: /a\n    token: @\(Self.secret)", "accounts:\n\t- path: /a\n    token: \(Self.secret)",
        ] {
            let lines = mistakes(text)
            #expect(!lines.isEmpty)
            #expect(!lines.joined().contains(Self.secret))
        }
    }

    @Test("anchors are refused, and those that explode at once")
    func anchors() {
        #expect(mistakes("server: &a {max_age: 1}").first?.hasPrefix("bot.yaml:1:9: anchors and aliases") == true)
        var laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...30 {
            laughs +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",") + "]\n"
        }
        #expect(mistakes(laughs).count == 1)
        #expect(mistakes(laughs + "? *a30\n: x\n").count == 1)
    }

    @Test("a text that only looks like anchors and aliases is a text")
    func asterisks() throws {
        let stars = (0..<40).map { "# *star\($0) and &amp\n" }.joined()
        _ = try? read(stars + "server: {max_age: 1}")
        #expect(mistakes("accounts: [{path: /a, token: hello, name: 'a & *b* &c'}]").isEmpty)
    }

    @Test("that is nested without end or very large is refused")
    func bounded() {
        for opening in ["[", "{a: ", "- ", "? "] {
            #expect(mistakes("server: " + String(repeating: opening, count: 20_000)).count >= 1)
            #expect(mistakes(String(repeating: opening, count: 20_000)).count >= 1)
        }
        let deep = String(repeating: "[", count: 999) + String(repeating: "]", count: 999)
        #expect(mistakes("server: " + deep).count == 1)
        #expect(mistakes(String(repeating: "#", count: (1 << 20) + 1)).count == 1)
    }

    @Test("a file that is not there, a folder, and one that is no UTF-8 are one mistake each")
    func files() {
        for path in ["/nowhere/bot.yaml", "/", "/proc/self/exe", "/dev/zero"] {
            let error = #expect(throws: ConfigurationError.self) {
                try Configuration(file: path, substitution: Substitution { _ in nil })
            }
            #expect(error?.lines.count == 1)
            #expect(error?.lines.first?.hasPrefix("\(path): ") == true)
        }
    }

    @Test(
        "a misspelt key is recognised",
        arguments: [
            ("relpy", "reply"), ("tokn", "token"), ("Token", "token"), ("app-id", "app_id"), ("appid", "app_id"),
            ("aes_kye", "aes_key"),
        ])
    func suggestions(word: String, meant: String) {
        #expect(Suggestion.nearest(to: word, among: AccountSection.keys + ["reply"]) == meant)
        #expect(Suggestion.nearest(to: "somethingelse", among: AccountSection.keys) == nil)
        #expect(Suggestion.nearest(to: String(repeating: "x", count: 100_000), among: AccountSection.keys) == nil)
    }
}
