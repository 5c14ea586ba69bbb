import FastCGI
import OfficialAccountRules
import OfficialAccountServer

/// Reads the configuration from all of its sources: the command line, the environment and the configuration file.
struct ConfigurationLoader: Sendable {
    /// How the process was started.
    var launch: Launch
    /// What the command line says.
    var flags: [SettingValue]
    /// The environment.
    var environment = ProcessEnvironment.process

    /// Reads what is there now; a reload reads it again.
    /// - Throws: ``StartError/configuration(_:)`` with every mistake, a line each.
    func load() throws(StartError) -> ServingConfiguration {
        let file = try file()
        let settings: ServerSettings
        do throws(SettingsError) {
            settings = try ServerSettings(layers: file?.settings ?? [], environment.settings, flags)
        } catch {
            throw .configuration(error.mistakes)
        }
        let accounts: Accounts
        if let listed = file?.accounts {
            accounts = listed
        } else {
            accounts = try Accounts(launch: launch, environment: environment)
        }
        var configuration = ServingConfiguration(settings: settings, accounts: accounts)
        if let file, let path {
            let cut = file.answerTimeouts.compactMap { $0.mistake(above: settings.limits.handlerTimeout) }
            configuration.warnings = (file.warnings + cut).sorted().map { $0.line(in: path) }
        }
        configuration.warnings += CustomerServiceNeeds.warnings(
            accounts, settings.late, given: (file?.settings ?? []) + environment.settings + flags)
        return configuration
    }

    /// The path of the configuration file.
    private var path: String? {
        (environment.settings + flags).last { $0.setting.name == Setting.config.name }?.text
    }

    /// What the configuration file says, where there is one.
    private func file() throws(StartError) -> Configuration? {
        guard let path else { return nil }
        do throws(ConfigurationError) {
            return try Configuration(file: path, substitution: Substitution(environment: environment))
        } catch {
            throw .configuration(error.lines)
        }
    }
}

extension Substitution {
    /// Looks names up as credentials of the service (systemd.exec(5)), then as variables of an environment.
    init(environment: ProcessEnvironment) {
        let folder = environment["CREDENTIALS_DIRECTORY"]
        let advice = """
            ; where the service has it from a file, tell the commands, as in \
            wechat-fcgi check FILE --environment-file /etc/wechat-fcgi/environment
            """
        self.init(advice: advice) { name in
            if let folder, let bytes = try? BoundedFile.read("\(folder)/\(name)", limit: 64 << 10) {
                let text = String(decoding: bytes, as: UTF8.self)
                return text.last?.isNewline == true ? String(text.dropLast()) : text
            }
            return environment[name]
        }
    }
}
