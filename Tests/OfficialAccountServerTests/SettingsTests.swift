import OfficialAccountBot
import FastCGI
import Logging
import Testing

@testable import OfficialAccountServer

@Suite("Settings of the process")
struct SettingsTests {
    @Test("a setting has one name in three spellings")
    func spellings() {
        #expect(Setting.maxBody.flag == "--max-body")
        #expect(Setting.maxBody.variable == "WECHAT_FCGI_MAX_BODY")
        #expect(Setting.maxBody.key == "server.max_body")
        #expect(Setting.named("max_body")?.name == "max_body")
        #expect(Setting.named("max-body") == nil)
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
    }

    @Test("the command line counts more than the environment, that more than the file, that more than the default")
    func precedence() throws {
        let file = [SettingValue(.maxBody, "1k"), SettingValue(.maxAge, "1"), SettingValue(.workers, "1")]
        let environment = ProcessEnvironment(["WECHAT_FCGI_MAX_BODY": "2k", "WECHAT_FCGI_MAX_AGE": "2"]).settings
        let flags = [SettingValue(.maxBody, "3k")]
        let settings = try ServerSettings(layers: file, environment, flags)
        #expect(settings.limits.bodyBytes == 3072)
        #expect(settings.maxAge == 2)
        #expect(settings.workers == 1)
        #expect(settings.logLevel == .notice)
    }

    @Test("the documented default is the default", arguments: Setting.all.map(\.name))
    func defaults(name: String) throws {
        let setting = try #require(Setting.named(name))
        let wordy = [
            "none", "the process's", "one for each processor, at most 4", "sqlite in `$STATE_DIRECTORY`, else memory",
            "the platform's own", "nowhere", "in `$RUNTIME_DIRECTORY`, else in /dev/shm",
        ]
        guard !wordy.contains(setting.defaultText) else { return }
        let settings = try ServerSettings(layers: [SettingValue(setting, setting.defaultText)])
        #expect(String(describing: settings) == String(describing: ServerSettings()))
    }

    private static let sizeCases: [(String, Int)] = [
        ("1", 1), ("1048576", 1_048_576), ("512k", 524_288), ("512K", 524_288), ("1MiB", 1_048_576),
        ("2 MiB", 2_097_152), ("256m", 268_435_456), ("7b", 7),
    ]

    @Test("sizes", arguments: sizeCases)
    func sizes(text: String, bytes: Int) throws {
        #expect(try ServerSettings(layers: [SettingValue(.maxBody, text)]).limits.bodyBytes == bytes)
    }

    @Test("durations", arguments: [("0", 0), ("10", 10), ("10s", 10), ("5m", 300), ("2h", 7200), ("1d", 86400)])
    func durations(text: String, seconds: Int64) throws {
        #expect(try ServerSettings(layers: [SettingValue(.maxAge, text)]).maxAge == seconds)
    }

    private static let refusedCases: [(String, [String])] = [
        ("max_body", ["", "0", "-1", "1.5M", "MiB", "1 potato", "9999999999G", "99999999999999999999", "٣"]),
        ("max_body", ["268435457", "257MiB", "1g", "4GiB", "8589934592g"]),
        ("max_params", ["0", "16777217", "17m", "1G", "9223372036854775807"]),
        ("max_age", ["", "-1", "ten", "10 years", "9999999d", "1e3"]),
        ("workers", ["0", "-2", "1k", "2.0", "100000"]),
        ("socket_mode", ["", "66", "0999", "1777", "rw-rw----", "0x1b0", "00660"]),
        ("log_level", ["", "verbose", "1"]),
        ("listen", ["", "unix:", "9000", "127.0.0.1", "127.0.0.1:99999", "[::1]"]),
        ("stop_timeout", ["0", "x"]),
    ]

    @Test("what is no value is refused, with the spelling that held it and what is accepted", arguments: refusedCases)
    func refused(name: String, texts: [String]) throws {
        let setting = try #require(Setting.named(name))
        for text in texts {
            let error = #expect(throws: SettingsError.self) {
                try ServerSettings(layers: [SettingValue(setting, text, origin: setting.variable)])
            }
            let mistake = try #require(error?.mistakes.first)
            #expect(mistake.hasPrefix("\(setting.variable): '\(text)' is not accepted; expected "))
        }
    }

    @Test("a size that is too large is told the largest")
    func largest() throws {
        #expect(SettingValue(.maxBody, "1g").mistake?.contains("from 1 to 256MiB") == true)
        #expect(SettingValue(.maxParams, "1g").mistake?.contains("from 1 to 16MiB") == true)
        #expect(try ServerSettings(layers: [SettingValue(.maxParams, "16MiB")]).limits.parameterBytes == 16 << 20)
        #expect(SettingSyntax.bytes("1g") == 1 << 30)
    }

    @Test("every value that is not accepted is reported at once, each with where it stands")
    func allAtOnce() {
        let error = #expect(throws: SettingsError.self) {
            try ServerSettings(
                layers: [SettingValue(.maxBody, "x", origin: "bot.yaml:3:5: server.max_body")],
                ProcessEnvironment(["WECHAT_FCGI_MAX_BODY": "y", "WECHAT_FCGI_WORKERS": "4"]).settings,
                [SettingValue(.maxAge, "z")])
        }
        #expect(
            error?.mistakes.map { $0.prefix { $0 != "'" } } == [
                "bot.yaml:3:5: server.max_body: ", "WECHAT_FCGI_MAX_BODY: ", "--max-age: ",
            ])
    }

    @Test("a value in an error is one short line")
    func shortErrors() {
        let value = SettingValue(.maxBody, "a\nb\u{1B}[31m" + String(repeating: "x", count: 5000))
        #expect((value.mistake ?? "").utf8.count < 200)
        #expect(value.mistake?.contains("\n") == false)
        #expect(value.mistake?.contains("\u{1B}") == false)
    }

    @Test("an empty variable says nothing, an unknown one is named")
    func environment() {
        let environment = ProcessEnvironment([
            "WECHAT_FCGI_MAX_BODY": "", "WECHAT_FCGI_MAX_BODDY": "1", "HOME": "/", "WECHAT_TOKEN": "hello",
        ])
        #expect(environment.settings.isEmpty)
        #expect(environment.unknownSettings == ["WECHAT_FCGI_MAX_BODDY"])
    }
}
