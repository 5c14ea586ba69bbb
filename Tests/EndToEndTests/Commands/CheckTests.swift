import TestSupport
import Testing

@Suite("wechat-fcgi check")
struct CheckTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What is said of a file, the file's own path left out, and the status with which it ends.
    private func check(
        _ text: String, _ variables: [String: String] = [:]
    ) throws -> (status: Int32, lines: [String]) {
        let file = try folder.write(text, to: "bot.yaml")
        let outcome = try run([Program.path, "check", file], environment: programEnvironment(variables))
        #expect(outcome.errorText.isEmpty, "\(outcome.errorText)")
        return (
            outcome.status,
            outcome.text.replacing(file, with: "bot.yaml").split(separator: "\n").map(String.init)
        )
    }

    /// The warnings alone.
    private func warnings(_ text: String, _ variables: [String: String] = [:]) throws -> [String] {
        let (status, lines) = try check(text, variables)
        let warnings = lines.filter { $0.contains("warning: ") }
        #expect(status == (warnings.isEmpty ? 0 : 1), "\(lines)")
        #expect(lines.contains("bot.yaml: no mistakes") == warnings.isEmpty, "\(lines)")
        return warnings
    }

    private static let store = "sqlite:/var/lib/wechat/messages.sqlite"
    private static let calls = "app_id: wx0123456789abcdef, app_secret: 0123456789abcdef0123456789abcdef"

    @Test("says what late answers become in a plain CGI process, and who has no apology for them")
    func plainCGI() throws {
        let account = "{path: /a, name: shop, token: hello, apology: 抱歉}"
        let one = try check("server: {store: '\(Self.store)'}\naccounts: [\(account)]")
        #expect(one.status == 0)
        #expect(one.lines.first == "bot.yaml: no mistakes")
        #expect(one.lines.count == 2, "\(one.lines)")
        #expect(one.lines.last?.hasPrefix("note: run as a plain CGI program, a process ends with its answer") == true)
        #expect(one.lines.last?.contains("no apology") == false)

        let two = try check(
            "server: {store: '\(Self.store)'}\naccounts: [\(account), {path: /b, token: hello, late: off}]")
        #expect(two.lines.count == 2, "\(two.lines)")
        #expect(two.lines.last?.hasSuffix("; no apology is set for /b") == true, "\(two.lines)")
    }

    @Test("says how far a store reaches that processes do not share", arguments: ["", "memory"])
    func unshared(store: String) throws {
        let setting = store.isEmpty ? "max_age: 600" : "store: \(store)"
        let (status, lines) = try check("server: {\(setting)}\naccounts: [{path: /a, token: hello}]")
        #expect(status == 0)
        #expect(lines.count == 3, "\(lines)")
        #expect(lines.last?.hasPrefix("note: without a store that processes share") == true, "\(lines)")
        #expect(lines.last?.contains("set store: sqlite:/path/to/file") == true, "\(lines)")
    }

    @Test("a setting of all accounts that asks for customer service names those that cannot call the platform")
    func customerServiceOfAll() throws {
        let lines = try warnings(
            """
            server:
              late: customer_service
            accounts:
              - {path: /shop, name: shop, token: hello, \(Self.calls)}
              - {path: /a, token: hello}
              - {path: /b, name: club, token: hello, app_id: wx0123456789abcdef}
              - {path: /c, token: hello, late: collect}
              - path: /d/{token}
            """)
        #expect(lines.count == 1, "\(lines)")
        let line = lines.first ?? ""
        #expect(line.hasPrefix("bot.yaml:2:9: warning: server.late: customer_service needs app_id and app_secret"))
        #expect(line.contains("/a, club, /d/{token}"), "\(line)")
        #expect(!line.contains("shop") && !line.contains("/c"), "\(line)")
        #expect(line.contains("WECHAT_APP_SECRET") && line.contains("late: collect"), "\(line)")
    }

    @Test("the same setting in the environment is told of by the variable's name")
    func customerServiceInEnvironment() throws {
        let variables = ["WECHAT_FCGI_LATE": "customer_service"]
        let lines = try warnings("server: {late: off}\naccounts: [{path: /a, token: hello}]", variables)
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.hasPrefix("warning: WECHAT_FCGI_LATE: customer_service needs app_id") == true, "\(lines)")
        #expect(try warnings("accounts: [{path: /a, token: hello, \(Self.calls)}]", variables).isEmpty)
        // What is overridden is of no account.
        #expect(
            try warnings(
                "server: {late: customer_service}\naccounts: [{path: /a, token: hello}]",
                ["WECHAT_FCGI_LATE": "collect"]
            ).isEmpty)
    }

    @Test("an account that asks for customer service by itself is told of at its own setting, and is accepted")
    func customerServiceOfOne() throws {
        let lines = try warnings(
            """
            server: {late: customer_service}
            accounts:
              - path: /a
                token: hello
                late: customer_service
                typing: yes
              - path: /b/{token}
                typing: yes
                late: off
              - {path: /c, token: hello, late: customer_service, \(Self.calls)}
            """)
        #expect(lines.count == 2, "\(lines)")
        #expect(lines.first?.hasPrefix("bot.yaml:5:11: warning: late: customer_service needs app_id") == true)
        #expect(lines.last?.hasPrefix("bot.yaml:8:13: warning: typing needs app_id and app_secret") == true)
    }

    @Test("typing of all accounts is told of where none of them can show it")
    func typingOfAll() throws {
        let account = "{path: /a, token: hello}"
        let lines = try warnings("server: {typing: yes}\naccounts: [\(account)]")
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.hasPrefix("bot.yaml:1:18: warning: server.typing needs app_id") == true, "\(lines)")
        let shop = "{path: /shop, token: hello, late: customer_service, \(Self.calls)}"
        #expect(try warnings("server: {typing: yes}\naccounts: [\(account), \(shop)]").isEmpty)
    }

    @Test("without accounts in the file the web server may bring what customer service needs: that is a note")
    func customerServiceOfVariables() throws {
        let (status, lines) = try check("server: {late: customer_service, store: '\(Self.store)'}")
        #expect(status == 0)
        let notes = lines.filter { $0.contains("customer_service") }
        #expect(notes.count == 1, "\(lines)")
        let start = "note: late: customer_service needs WECHAT_APP_ID and WECHAT_APP_SECRET"
        #expect(notes.first?.hasPrefix(start) == true)
        #expect(try check("server: {late: collect}").lines.allSatisfy { !$0.contains("customer_service") })
    }
}
