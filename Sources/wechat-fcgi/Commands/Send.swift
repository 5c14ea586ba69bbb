import ArgumentParser
import Glibc
import OfficialAccount
import PlatformSimulator

/// Sends a message as the platform does, and shows what the user would see.
struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a message to a server as the platform does, and show what the user would see.",
        discussion: """
            Signs, encrypts in the account's mode, waits 5 s, delivers up to three times, and shows the reply or \
            「该公众号提供的服务出现故障」. Exits with 0, or with 1 where the user sees that notice.

              wechat-fcgi send text 你好 --to http://127.0.0.1:8080/wechat --token hello
              wechat-fcgi send event CLICK --key about --to fastcgi:unix:/run/wechat-fcgi/wechat.sock
              wechat-fcgi send location 39.9 116.4 --label 北京 --to cgi:.build/release/wechat-fcgi
              wechat-fcgi send --xml message.xml

            Types and what they take:
            \(MessageArguments.overview)
            """)

    @OptionGroup(title: "The message") var message: MessageArguments
    @Option(
        help: ArgumentHelp(
            """
            Where: http://…, https://…, fastcgi:unix:/path/to/socket, fastcgi:127.0.0.1:9000 or cgi:/path/to/program \
            (default: WECHAT_URL).
            """, valueName: "URL")) var to: String?
    @Option(help: ArgumentHelp("The sender's OpenID.", valueName: "OPENID")) var from = "oSimulatedUser"
    @Option(help: ArgumentHelp("The account's original ID: ToUserName.", valueName: "ID"))
    var originalID = "gh_simulated"
    @Option(help: ArgumentHelp("How often to deliver at the most; the platform does 3 times.", valueName: "NUMBER"))
    var deliveries = 3
    @Flag(name: .shortAndLong, help: "Show requests and answers, decrypted too.") var verbose = false
    @OptionGroup(title: "The account") var account: AccountOptions
    @OptionGroup(title: "The server") var server: TargetOptions

    func validate() throws {
        guard (1...100).contains(deliveries) else { throw ValidationError("--deliveries is from 1 to 100") }
    }

    func run() async throws {
        let message = try self.message.message()
        let address = try TargetOptions.address(to, argument: "--to URL")
        let path = server.path(of: address)
        var rule = server.rule
        rule.deliveries = deliveries
        let target = address.target(path: path, variables: try server.variables(for: address, account))
        let platform = SimulatedPlatform(
            credentials: try account.credentials(at: path), originalID: originalID, target: target, rule: rule)
        let prepared = platform.prepare(message, from: from)
        let report: DeliveryReport
        if server.json {
            report = await platform.send(prepared)
            print(try JSONOutput.line(SendJSON(report)))
        } else {
            let view = ChatView(terminal: .standard(), isVerbose: verbose)
            view.show(message, prepared)
            report = await platform.send(prepared) { view.show($0) }
            view.show(report.outcome, last: report.deliveries.last)
        }
        await target.finish()
        if case .faultNotice = report.outcome { throw ExitCode(1) }
    }
}
