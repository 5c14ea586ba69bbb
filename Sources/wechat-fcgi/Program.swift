import ArgumentParser
import FastCGI
import Glibc
import Logging
import OfficialAccountServer

/// The program: how it was started decides what it is.
@main
enum Program {
    static let version = "0.1.0"

    /// How the process was started. Looked at once, before anything else, since the look takes the variables of socket
    /// activation out of the environment.
    static let launch = Result { () throws(StartError) in try Launch.detect() }

    @MainActor static func main() async {
        // For whatever in the libraries logs by itself: the same stream, the same form, the same level.
        LoggingSystem.bootstrap { StandardErrorLog(label: $0) }
        // A web server makes arguments of a query without an equals sign (RFC 3875, section 4.4): what a client asks
        // for must not become a command, so a CGI program has no command line.
        if case .success(.cgi) = launch {
            await respondOnce()
        } else {
            await runCommand()
        }
    }

    /// Does what the command line says. Of wrong use that a command finds while it runs, ArgumentParser would show how the
    /// whole program is used, and not the command.
    private static func runCommand() async {
        do {
            var command = try WeChatFCGI.parseAsRoot()
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch let error as ValidationError {
                let type = type(of: command)
                var text = """
                    Error: \(error.message)
                    Usage: \(WeChatFCGI.usageString(for: type))
                      See 'wechat-fcgi \(type._commandName) --help' for more information.

                    """
                text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
                throw ExitCode.validationFailure
            }
        } catch {
            WeChatFCGI.exit(withError: error)
        }
    }

    @MainActor private static func respondOnce() async {
        let loader = ConfigurationLoader(launch: .cgi, flags: [])
        do throws(StartError) {
            try await EchoBot.bot.serve(launch: .cgi, resources: .program) { () throws(StartError) in try loader.load()
            }
        } catch {
            error.exit()
        }
    }
}
