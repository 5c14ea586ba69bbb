import ArgumentParser
import FastCGI
import OfficialAccount
import OfficialAccountServer
import TestSupport
import Testing

@testable import wechat_fcgi

@Suite("A file of variables is read as systemd reads it")
struct EnvironmentFileTests {
    private func read(_ text: String) throws -> [String: String] { try EnvironmentFile(text: text).variables }

    @Test(
        "names and values, quotes and backslashes",
        arguments: [
            ("A=b", "b"), ("A=", ""), ("  A=b  \n", "b"), ("A= b c ", "b c"), ("A=b # c", "b # c"), ("A=b=c", "b=c"),
            ("A='b # c'", "b # c"), ("A=\"b c \"", "b c "), ("A='it\"s'", "it\"s"), ("A=\"\"", ""),
            ("A='b\nc'", "b\nc"), (#"A=b\ c"#, "b c"), (#"A="b\"c""#, #"b"c"#), (#"A="b\nc""#, #"b\nc"#),
            (#"A='b\c'"#, #"b\c"#),
            ("A=b\\\nc", "bc"), ("A=$B", "$B"), ("A=b\r\n", "b"), ("A=a\nA=b", "b"), ("#A=x\n;A=y\n\nA=b", "b"),
            ("# it's\nA=b", "b"), ("A='b'c", "bc"), ("A=帮助", "帮助"),
        ])
    func values(text: String, value: String) throws {
        #expect(try read(text) == ["A": value])
    }

    @Test("what is no variable is refused by its line, without its value")
    func mistakes() {
        for (text, beginning) in [
            ("A=b\nexport B=secret", "environment:2: expected NAME=VALUE"), ("A = secret", "environment:1: expected"),
            ("A='b\nc'\n\nB='secret", "environment:4: the quote in the value of B"), ("secret", "environment:1: "),
            ("1A=secret", "environment:1: "), ("=secret", "environment:1: "),
        ] {
            let error = #expect(throws: EnvironmentFile.Failure.self) { try read(text) }
            #expect(error?.description.hasPrefix(beginning) == true, "\(text): \(error?.description ?? "")")
            #expect(error?.description.contains("secret") == false)
        }
        #expect(throws: EnvironmentFile.Failure.self) { try EnvironmentFile(file: "/nowhere/environment") }
    }

    @Test("its variables count before those of the environment, settings among them")
    func overlay() {
        let environment = ProcessEnvironment(["A": "1", "WECHAT_FCGI_MAX_AGE": "1", "WECHAT_FCGI_WORKERS": "2"])
            .adding(["A": "2", "WECHAT_FCGI_MAX_AGE": "3", "WECHAT_FCGI_STORE": "none"])
        #expect(environment["A"] == "2")
        #expect(environment.settings.map(\.text) == ["3", "none", "2"])
    }

    @Test("check takes it, and names it where a variable is missing")
    func check() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("accounts: [{path: /a, token: '${SHOP_TOKEN}'}]", to: "bot.yaml")
        let variables = try folder.write("SHOP_TOKEN=hello\n", to: "environment")
        let given = try #require(
            try WeChatFCGI.parseAsRoot(["check", file, "--environment-file", variables]) as? Check)
        #expect(try given.variables.environment()["SHOP_TOKEN"] == "hello")
        let loader = ConfigurationLoader(launch: .none, flags: [SettingValue(.config, file)])
        let error = #expect(throws: (any Error).self) { try loader.load() }
        #expect(error.map { "\($0)".contains("--environment-file /etc/wechat-fcgi/environment") } == true)
    }

    @Test("send, verify and doctor take the account from it")
    func account() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("accounts: [{path: /a, token: '${SHOP_TOKEN}'}]", to: "bot.yaml")
        let variables = try folder.write("SHOP_TOKEN=hello\nWECHAT_TOKEN=other\n", to: "environment")
        for command in [["send", "text", "a"], ["verify", "http://127.0.0.1/a"], ["doctor", "http://127.0.0.1/a"]] {
            #expect(throws: Never.self) {
                try WeChatFCGI.parseAsRoot(command + ["--config", file, "--environment-file", variables])
            }
        }
        let options = try AccountOptions.parse(["--config", file, "--environment-file", variables])
        #expect(try options.credentials(at: "/a").token.rawValue == "hello")
        let alone = try AccountOptions.parse(["--environment-file", variables])
        #expect(try alone.credentials(at: nil).token.rawValue == "other")
    }
}
