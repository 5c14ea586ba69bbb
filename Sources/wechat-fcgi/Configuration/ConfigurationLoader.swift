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
        if let accounts = file?.accounts { return ServingConfiguration(settings: settings, accounts: accounts) }
        return ServingConfiguration(
            settings: settings, accounts: try Accounts(launch: launch, environment: environment))
    }

    /// What the configuration file says, where there is one.
    private func file() throws(StartError) -> Configuration? {
        let name = Setting.config.name
        guard let path = (environment.settings + flags).last(where: { $0.setting.name == name })?.text else {
            return nil
        }
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
        self.init { name in
            if let folder, let bytes = try? BoundedFile.read("\(folder)/\(name)", limit: 64 << 10) {
                let text = String(decoding: bytes, as: UTF8.self)
                return text.last?.isNewline == true ? String(text.dropLast()) : text
            }
            return environment[name]
        }
    }
}
