public import FastCGI

/// What a process serves with: its settings and its accounts.
public struct ServingConfiguration: Sendable {
    /// The settings of the process.
    public var settings: ServerSettings
    /// The accounts.
    public var accounts: Accounts
    /// What is accepted but likely not what was meant, a line each.
    public var warnings: [String] = []

    /// Creates a configuration.
    /// - Parameters:
    ///   - settings: The settings of the process.
    ///   - accounts: The accounts.
    public init(settings: ServerSettings, accounts: Accounts) {
        self.settings = settings
        self.accounts = accounts
    }

    /// Reads the configuration of a process that has no configuration file.
    /// - Parameters:
    ///   - environment: The environment: `WECHAT_FCGI_…` for the settings, `WECHAT_TOKEN` and its like for the
    ///     account of requests that carry no credentials of their own.
    ///   - launch: How the process was started. The environment of a CGI program is the request, so that its account is
    ///     looked for there alone.
    /// - Throws: ``StartError/configuration(_:)``.
    public init(environment: ProcessEnvironment, launch: Launch) throws(StartError) {
        do throws(SettingsError) {
            settings = try ServerSettings(layers: environment.settings)
        } catch {
            throw .configuration(error.mistakes)
        }
        guard settings.config == nil else {
            throw .configuration(["\(Setting.config.variable): this program reads no configuration file"])
        }
        accounts = try Accounts(launch: launch, environment: environment)
    }
}

extension Accounts {
    /// Creates the accounts of a process without a configuration file.
    /// - Parameters:
    ///   - launch: How the process was started.
    ///   - environment: Where `WECHAT_TOKEN` and its like may stand, for requests that do not carry them.
    /// - Throws: ``StartError/configuration(_:)`` where a variable there is not accepted.
    public init(launch: Launch, environment: ProcessEnvironment) throws(StartError) {
        if case .cgi = launch {
            self = .ofRequests
            return
        }
        do throws(AccountVariableError) {
            try self.init(environment: environment)
        } catch {
            throw .configuration([error.description])
        }
    }
}
