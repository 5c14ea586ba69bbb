import ArgumentParser
import FastCGI
import Glibc
import OfficialAccountRules
import OfficialAccountServer
import Testing

@testable import wechat_fcgi

@Suite("The command line")
struct CommandLineTests {
    @Test("has a flag for every setting, with the help text of the table", arguments: Setting.all.map(\.name))
    func flags(name: String) throws {
        let setting = try #require(Setting.named(name))
        let help = Serve.helpMessage(columns: 1000)
        #expect(help.contains("\(setting.flag) <\(setting.placeholder)>"))
        #expect(help.contains("\(setting.help) (default: \(setting.defaultText))"))
        let wordy = ["none", "the process's", "one for each processor, at most 4"]
        let value = wordy.contains(setting.defaultText) ? "1" : setting.defaultText
        let samples = [
            "listen": "127.0.0.1:9000", "store": "memory", "api_base": "https://a.example", "status": "/status",
            "status_allow": "10.0.0.0/8", "status_folder": "/run/status",
        ]
        let given = samples[name] ?? value
        let serve = try #require(try WeChatFCGI.parseAsRoot(["serve", setting.flag, given]) as? Serve)
        #expect(serve.flags.values.map(\.setting.name) == [name])
        #expect(serve.flags.values.map(\.text) == [given])
        #expect(serve.flags.values.map(\.origin) == [setting.flag])
    }

    @Test("says which flag holds what is not accepted")
    func refused() {
        for arguments in [["--max-body", "potato"], ["serve", "--workers", "0"], ["--listen", "nowhere"]] {
            let error = #expect(throws: (any Error).self) { try WeChatFCGI.parseAsRoot(arguments) }
            let message = error.map { WeChatFCGI.message(for: $0) } ?? ""
            #expect(message.contains("is not accepted; expected"))
            #expect(error.map { WeChatFCGI.exitCode(for: $0).rawValue } == 64)
        }
    }

    @Test("flags count more than the environment, that more than the file")
    func precedence() throws {
        let flags = [SettingValue(.maxAge, "3")]
        let environment = ProcessEnvironment(["WECHAT_FCGI_MAX_AGE": "2", "WECHAT_FCGI_MAX_BODY": "2k"])
        let loaded = try ConfigurationLoader(launch: .none, flags: flags, environment: environment).load()
        #expect(loaded.settings.maxAge == 3)
        #expect(loaded.settings.limits.bodyBytes == 2048)
    }

    @Test("a configuration that is not accepted ends the process with 78, wrong use with 64")
    func statuses() {
        let loader = ConfigurationLoader(
            launch: .none, flags: [], environment: ProcessEnvironment(["WECHAT_FCGI_CONFIG": "/nowhere"]))
        let error = #expect(throws: StartError.self) { try loader.load() }
        #expect(error?.exitStatus == 78)
        #expect(error?.lines == ["/nowhere: cannot be opened: No such file or directory"])
        #expect(StartError.nowhereToListen(usage: "x").exitStatus == 64)
    }

    @Test("a configuration that may not be read says whose right is missing, of the file or of its folder")
    func unreadable() {
        let denied = BoundedFile.Failure.cannotOpen(errno: EACCES)
        #expect(
            UnreadableFile.text("/etc/bot/bot.yaml", denied) { _ in true }.hasSuffix(
                "has to be able to read it. For the systemd service: "
                    + "chgrp wechat-fcgi-config /etc/bot/bot.yaml && chmod 640 /etc/bot/bot.yaml"))
        #expect(
            UnreadableFile.text("/etc/bot/bot.yaml", denied) { $0 != "/etc/bot" }.hasSuffix(
                "has to be able to enter /etc/bot. For the systemd service: "
                    + "chgrp wechat-fcgi-config /etc/bot && chmod 2750 /etc/bot"))
    }
}
