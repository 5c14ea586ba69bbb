import ArgumentParser
import Logging
import OfficialAccount
import OfficialAccountBot
import OfficialAccountClient
import OfficialAccountServer
import PlatformSimulator

/// Goes through what goes wrong between the platform and a server.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go through what goes wrong between the platform and a server, and say what to change.",
        discussion: """
            For a server in any language. Looks the name up, connects, looks at the certificate, and sends GET requests: \
            without a query, signed, and with a wrong signature. Then it sends a text message in the account's mode, from \
            oWechatFcgiDoctor, and up to three more that a good server refuses; --no-message leaves all messages out. With \
            an AppSecret it asks the platform for an access token, which changes nothing, since the token stays the same.

            Exits with 0 where there is nothing to change, else with 1.

              WECHAT_TOKEN=hello wechat-fcgi doctor https://example.com/wechat
            """)

    @Argument(
        help: """
            Where: http://…, https://…, fastcgi:unix:/path/to/socket, fastcgi:127.0.0.1:9000 or cgi:/path/to/program \
            (default: WECHAT_URL).
            """) var url: String?
    @OptionGroup(title: "The account") var account: AccountOptions
    @OptionGroup(title: "The server") var server: TargetOptions
    @Flag(inversion: .prefixedNo, help: "Send messages.") var message = true
    @Option(help: ArgumentHelp("What the message says.", valueName: "TEXT")) var text = "你好"
    @Option(
        help: ArgumentHelp(
            "Where calls to the platform go (default: WECHAT_FCGI_API_BASE, else the platform's own).",
            valueName: "URL")) var apiBase: String?

    func run() async throws {
        let address = try TargetOptions.address(url, argument: "a URL")
        let path = server.path(of: address)
        var doctor: PlatformSimulator.Doctor
        var base = apiBase ?? ProcessEnvironment.process["WECHAT_FCGI_API_BASE"]
        let credentials: Credentials?
        if let file = account.config {
            let found = try account.accountOfFile(file, at: path)
            credentials = found.credentials
            base = base ?? found.apiBase
            doctor = PlatformSimulator.Doctor(address, credentials: found.credentials)
        } else {
            let texts = try account.texts()
            credentials = try? texts.credentials()
            doctor = PlatformSimulator.Doctor(address, account: texts)
        }
        doctor.rule = server.rule
        doctor.text = message ? text : nil
        doctor.path = path
        doctor.variables = try server.variables(for: address, account)
        doctor.interface = try interface(credentials, base)

        let terminal = Terminal.standard()
        let examination = await doctor.examine { if !server.json { show($0, on: terminal) } }
        if server.json {
            print(try JSONOutput.line(ExaminationJSON(examination)))
        } else {
            conclude(examination, on: terminal)
        }
        if !examination.isWell { throw ExitCode(1) }
    }

    // MARK: The platform's interface

    private func interface(
        _ credentials: Credentials?, _ base: String?
    ) throws -> (@Sendable () async -> InterfaceVerdict)? {
        guard let credentials, credentials.appID != nil, credentials.appSecret != nil else { return nil }
        let address: PlatformAddress
        do { address = try base.map { try PlatformAddress(parsing: $0) } ?? .weixin } catch {
            throw ValidationError("--api-base: \(error)")
        }
        return {
            let connections = PlatformConnections()
            // What it would log is in the verdict.
            let silent = Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() }
            let client = PlatformClient(
                credentials: credentials, store: MemoryStore(), connections: connections, address: address,
                logger: silent)
            let verdict: InterfaceVerdict
            do throws(PlatformError) {
                _ = try await client.callbackAddresses()
                verdict = .accepted
            } catch {
                verdict =
                    error.errcode.map { .refused(errcode: $0, error.description) } ?? .unreachable(error.description)
            }
            await client.finish()
            await connections.shutdown()
            return verdict
        }
    }

    // MARK: What is shown

    private func show(_ step: ExaminationStep, on terminal: Terminal) {
        if step.isSkipped { return line("–", .dim, step.probe, step.summary, terminal) }
        if step.findings.isEmpty { return line("✓", .green, step.probe, step.summary, terminal) }
        for finding in step.findings {
            switch finding.severity {
            case .error: line("✗", .red, step.probe, finding.seen, terminal)
            case .warning: line("!", .yellow, step.probe, finding.seen, terminal)
            case .note: line("·", .dim, step.probe, finding.seen, terminal)
            }
        }
    }

    private func line(
        _ mark: String, _ style: Terminal.Style, _ probe: Probe, _ text: String, _ terminal: Terminal
    ) {
        terminal.line("\(terminal.styled(mark, style)) \(probe.rawValue): \(Terminal.safe(text))")
    }

    private func conclude(_ examination: Examination, on terminal: Terminal) {
        let findings = examination.findings
        terminal.line()
        if findings.isEmpty || examination.isWell {
            terminal.line(terminal.styled("All well.", .green))
        } else {
            terminal.line(terminal.styled("What to change:", .bold))
        }
        for finding in findings {
            let style: Terminal.Style =
                switch finding.severity {
                case .error: .red
                case .warning: .yellow
                case .note: .dim
                }
            terminal.line("\(terminal.styled(finding.code.rawValue, style)): \(Terminal.safe(finding.seen))")
            terminal.line("  → \(Terminal.safe(finding.advice))")
        }
    }
}
