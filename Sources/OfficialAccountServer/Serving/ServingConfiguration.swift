/// What a process serves with: its settings and its accounts.
public struct ServingConfiguration: Sendable {
    /// The settings of the process.
    public var settings: ServerSettings
    /// The accounts.
    public var accounts: Accounts

    /// Creates a configuration.
    /// - Parameters:
    ///   - settings: The settings of the process.
    ///   - accounts: The accounts.
    public init(settings: ServerSettings, accounts: Accounts) {
        self.settings = settings
        self.accounts = accounts
    }

    /// Reads the configuration of a process that has no configuration file.
    /// - Parameter environment: The environment: `WECHAT_FCGI_…` for the settings, `WECHAT_TOKEN` and its like for the
    ///   account of requests that carry no credentials of their own.
    /// - Throws: ``StartError/configuration(_:)``.
    public init(environment: ProcessEnvironment) throws(StartError) {
        do throws(SettingsError) {
            settings = try ServerSettings(layers: environment.settings)
        } catch {
            throw .configuration(error.mistakes)
        }
        do throws(AccountVariableError) {
            accounts = try Accounts(environment: environment)
        } catch {
            throw .configuration([error.description])
        }
    }
}
