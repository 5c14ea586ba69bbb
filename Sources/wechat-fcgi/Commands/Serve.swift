import ArgumentParser
import FastCGI
import OfficialAccountRules
import OfficialAccountServer

/// Serves the accounts until the process is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer a web server's requests.",
        discussion: """
            Every setting can be given in three ways, of which the first counts: as a flag (--max-body), as an \
            environment variable (WECHAT_FCGI_MAX_BODY), in the configuration file (server.max_body). Sizes are bytes, \
            512k or 1MiB; times are seconds, 10s or 5m.
            """)

    @OptionGroup(title: "Settings") var flags: SettingFlags
    /// Nothing: whoever writes a word meant something else, since what is no command is taken for this one's.
    @Argument(help: .hidden) var words: [String] = []

    func validate() throws {
        guard let word = words.first else { return }
        let shown = Terminal.safe(String(word.prefix(200)))
        if word.hasSuffix(".yaml") || word.hasSuffix(".yml") {
            throw ValidationError("'\(shown)' is no command; did you mean --config \(shown)?")
        }
        let known = WeChatFCGI.configuration.subcommands.map { "\($0)".lowercased() }
        if let meant = Suggestion.nearest(to: word, among: known) {
            throw ValidationError("'\(shown)' is no command; did you mean '\(meant)'?")
        }
        throw ValidationError("'\(shown)' is no command; there are \(known.joined(separator: ", "))")
    }

    func run() async throws {
        do throws(StartError) {
            let launch = try Program.launch.get()
            let loader = ConfigurationLoader(launch: launch, flags: flags.values)
            try await EchoBot.bot.serve(launch: launch, resources: .program, usage: Self.usage) {
                () throws(StartError) in
                try loader.load()
            }
        } catch {
            error.exit()
        }
    }

    /// What the program says when it was started by hand with nothing to listen on.
    static let usage = """
        wechat-fcgi answers a WeChat Official Account behind a web server. Start it in one of these ways:

          WECHAT_TOKEN=... wechat-fcgi serve --listen unix:/run/wechat-fcgi/wechat.sock
          WECHAT_TOKEN=... spawn-fcgi -s /run/wechat-fcgi/wechat.sock -M 0660 -n -- /usr/bin/wechat-fcgi
          REQUEST_METHOD=GET QUERY_STRING='signature=...' WECHAT_TOKEN=... wechat-fcgi

        The first opens a socket of its own, the second inherits one (as with systemd's socket activation), the third
        answers one request as a CGI program. "wechat-fcgi help serve" lists all settings.
        """
}
