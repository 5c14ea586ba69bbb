import TestSupport
import Testing

@Suite("wechat-fcgi verify")
struct VerifyTests {
    @Test("a good server's URL is taken")
    func good() throws {
        let front = try NginxFront(.variables, backend: .unixSocket)
        let variables = ["WECHAT_TOKEN": Account.single.token]
        let outcome = try command(["verify", front.url(.single)], variables)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.text.hasPrefix("✓ the URL is taken"))
        let json = try command(["verify", front.url(.single), "--json"], variables).json
        #expect(json["ok"] as? Bool == true && json["status"] as? Int == 200 && json["fault"] == nil)
    }

    @Test("another Token is said to be another")
    func token() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let outcome = try command(
            ["verify", "fastcgi:\(server.endpoint)", "--json"], ["WECHAT_TOKEN": "AnotherToken"])
        #expect(outcome.status == 1)
        #expect(try (outcome.json["fault"] as? [String: Any])?["code"] as? String == "token-mismatch")
    }

    @Test(
        "what a server does to echostr is said",
        arguments: [
            ("\"%s\"", "echostr-quoted"), ("%s\\n", "echostr-whitespace"), ("\\357\\273\\277%s", "echostr-bom"),
            ("<html>%s</html>", "echostr-html"), ("{\"e\":\"%s\"}", "echostr-json"), ("%.0s", "echostr-empty"),
        ])
    func altered(format: String, code: String) throws {
        let program = try ScriptedProgram(
            "printf 'Content-Type: text/plain\\n\\n'; printf '\(format)' \"${QUERY_STRING##*echostr=}\"")
        let outcome = try command(["verify", program.target, "--json"], ["WECHAT_TOKEN": "YourToken"])
        #expect(outcome.status == 1)
        #expect(try (outcome.json["fault"] as? [String: Any])?["code"] as? String == code)
        let text = try command(["verify", program.target], ["WECHAT_TOKEN": "YourToken"])
        #expect(text.status == 1)
        #expect(text.text.hasPrefix("✗ the URL is not taken: ") && text.text.contains("\n  → "))
    }
}
