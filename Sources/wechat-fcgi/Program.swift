import ArgumentParser
import FastCGI
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
            await WeChatFCGI.main()
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
