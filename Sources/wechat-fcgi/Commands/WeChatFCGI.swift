import ArgumentParser

/// The command line of the program.
struct WeChatFCGI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wechat-fcgi",
        abstract: "Answers a WeChat Official Account behind nginx, Apache or any other web server with FastCGI or CGI.",
        version: Program.version, subcommands: [Serve.self, Check.self, Send.self, Verify.self, Doctor.self],
        defaultSubcommand: Serve.self)
}
