import ArgumentParser
import FastCGI
import OfficialAccountBot
import OfficialAccountServer

/// Reads a configuration file as the server would, and says what is wrong with it.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read a configuration file and report its mistakes.",
        discussion: """
            Reads the file as the server would, without serving: every mistake is a line with its place and what would be \
            accepted. Exits with 0 where there is none, else with 1.
            """)

    @Argument(help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"])) var file: String

    func run() throws {
        let flags = [SettingValue(.config, file)]
        do throws(StartError) {
            let configuration = try ConfigurationLoader(launch: .none, flags: flags).load()
            print("\(file): no mistakes")
            for note in Self.notes(configuration.settings) { print("note: \(note)") }
        } catch {
            for line in error.lines { print(line) }
            throw ExitCode(1)
        }
    }

    /// What holds only for some of the ways in which the program can be started.
    static func notes(_ settings: ServerSettings) -> [String] {
        var notes: [String] = []
        if settings.late.mode != .off {
            notes.append(
                "run as a plain CGI program, a process ends with its answer: an answer that takes longer than the "
                    + "platform's three deliveries ends as the apology there, whatever 'late' says"
                    + (settings.late.apology == nil ? ", and no apology is set" : ""))
        }
        if settings.store == nil || settings.store == .memory {
            notes.append(
                "without a store that processes share, each recognises only the messages that it got itself; "
                    + "for several processes or plain CGI set store: sqlite:/path/to/file, for several machines "
                    + "redis://host")
        }
        return notes
    }
}
