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
            accepted. Where it names variables (${NAME}) that the service has from a file, --environment-file is that \
            file. A warning is of what the server accepts, but what does likely not do what was meant. Exits with 0 \
            where there is neither, else with 1.
            """)

    @Argument(help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"])) var file: String
    @OptionGroup var variables: EnvironmentOptions

    func run() throws {
        let flags = [SettingValue(.config, file)]
        let environment = try variables.environment()
        let configuration: ServingConfiguration
        do throws(StartError) {
            configuration = try ConfigurationLoader(launch: .none, flags: flags, environment: environment).load()
        } catch {
            for line in error.lines { print(line) }
            throw ExitCode(1)
        }
        for warning in configuration.warnings { print(warning) }
        if configuration.warnings.isEmpty { print("\(file): no mistakes") }
        for note in Self.notes(configuration) { print("note: \(note)") }
        if !configuration.warnings.isEmpty { throw ExitCode(1) }
    }

    /// What holds only for some of the ways in which the program can be started.
    static func notes(_ configuration: ServingConfiguration) -> [String] {
        let settings = configuration.settings
        var notes: [String] = []
        let late = configuration.accounts.lateAnswers(settings.late)
        let withoutApology = late.filter { $0.late.apology == nil }.map(\.name)
        if !late.isEmpty {
            let list = withoutApology.joined(separator: ", ")
            let names = withoutApology.isEmpty ? "" : "; no apology is set for \(list)"
            notes.append(
                "run as a plain CGI program, a process ends with its answer: an answer that takes longer than the "
                    + "platform's three deliveries ends as the apology there, whatever 'late' says" + names)
        }
        if configuration.accounts.all.isEmpty, settings.late.mode == .customerService {
            notes.append(CustomerServiceNeeds.note)
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
