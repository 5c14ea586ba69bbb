import ArgumentParser
import PlatformSimulator

/// Verifies a URL as the platform does when its owner sets it.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify a URL as the platform's settings page does.",
        discussion: """
            Sends one signed GET with an echostr, whose bytes have to come back. Exits with 0 where they do, else with 1.

              WECHAT_TOKEN=hello wechat-fcgi verify https://example.com/wechat
            """)

    @Argument(
        help: """
            Where: http://…, https://…, fastcgi:unix:/path/to/socket, fastcgi:127.0.0.1:9000 or cgi:/path/to/program \
            (default: WECHAT_URL).
            """) var url: String?
    @OptionGroup(title: "The account") var account: AccountOptions
    @OptionGroup(title: "The server") var server: TargetOptions

    func run() async throws {
        let address = try TargetOptions.address(url, argument: "a URL")
        let path = server.path(of: address)
        let target = address.target(path: path, variables: try server.variables(for: address, account))
        let platform = SimulatedPlatform(
            credentials: try account.credentials(at: path), target: target, rule: server.rule)
        let record = await platform.verify()
        if server.json {
            print(try JSONOutput.line(VerifyJSON(record)))
        } else {
            show(record, on: .standard())
        }
        await target.finish()
        if record.fault != nil { throw ExitCode(1) }
    }

    private func show(_ record: VerificationRecord, on terminal: Terminal) {
        let time = record.duration.brief
        guard let finding = record.finding else {
            terminal.line(terminal.styled("✓", .green) + " the URL is taken: echostr came back as it is, in \(time)")
            return
        }
        terminal.line(terminal.styled("✗", .red) + " the URL is not taken: " + Terminal.safe(finding.seen))
        terminal.line("  → " + Terminal.safe(finding.advice))
        terminal.line("  wechat-fcgi doctor looks closer.")
    }
}
