import ArgumentParser
import FastCGI
import OfficialAccount
import OfficialAccountRules
import OfficialAccountServer
import PlatformSimulator

/// Whose messages are simulated: flags, else the environment, or an account of the owner's configuration file.
struct AccountOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The Token. Others on this machine can see it here: WECHAT_TOKEN or --config is better.",
            valueName: "TOKEN")) var token: String?
    @Option(help: ArgumentHelp("The AppID (default: WECHAT_APP_ID).", valueName: "ID")) var appID: String?
    @Option(
        help: ArgumentHelp(
            "The AppSecret; WECHAT_APP_SECRET or --config is better, as for the Token.", valueName: "SECRET"))
    var appSecret: String?
    @Option(
        help: ArgumentHelp(
            "The EncodingAESKey; WECHAT_AES_KEY or --config is better, as for the Token.", valueName: "KEY"))
    var aesKey: String?
    @Option(
        help: ArgumentHelp(
            "plain, compatible or secure (default: WECHAT_ENCRYPTION, else secure where there is a key).",
            valueName: "MODE"),
        transform: Self.mode) var mode: EncryptionMode?
    @Option(
        help: ArgumentHelp("Take all of these from a configuration file of the server's.", valueName: "FILE"),
        completion: .file(extensions: ["yaml", "yml"])) var config: String?
    @Option(
        help: ArgumentHelp(
            "Which account of the file: its name, path or AppID (default: that of the URL's path, or the only one).",
            valueName: "NAME")) var account: String?

    @OptionGroup var environmentVariables: EnvironmentOptions

    func validate() throws {
        if config != nil, token != nil || appID != nil || appSecret != nil || aesKey != nil || mode != nil {
            throw ValidationError("with --config all of the account is in the file: leave out --token and its like")
        }
        if config == nil, account != nil { throw ValidationError("--account names one in a --config FILE") }
    }

    /// What the flags, and else the environment, say.
    func texts() throws -> AccountTexts {
        let environment = try environmentVariables.environment()
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return AccountTexts(
            token: token ?? variable("WECHAT_TOKEN"), appID: appID ?? variable("WECHAT_APP_ID"),
            appSecret: appSecret ?? variable("WECHAT_APP_SECRET"),
            encodingAESKey: aesKey ?? variable("WECHAT_AES_KEY"),
            encryption: try mode ?? variable("WECHAT_ENCRYPTION").map(Self.mode))
    }

    /// The account's credentials.
    /// - Parameter path: The path of the URL, which chooses an account of a file.
    func credentials(at path: String?) throws -> Credentials {
        if let config { return try accountOfFile(config, at: path).credentials }
        let texts = try texts()
        guard texts.token != nil else {
            throw ValidationError(
                "no Token: set WECHAT_TOKEN, or give --config FILE, --environment-file FILE, or --token")
        }
        do { return try texts.credentials() } catch { throw ValidationError("\(error)") }
    }

    /// The account of the file, and where calls to the platform go according to it.
    func accountOfFile(_ file: String, at path: String?) throws -> (credentials: Credentials, apiBase: String?) {
        let loader = ConfigurationLoader(
            launch: .none, flags: [SettingValue(.config, file)], environment: try environmentVariables.environment())
        let configuration: ServingConfiguration
        do throws(StartError) { configuration = try loader.load() } catch { throw ValidationError("\(error)") }
        let accounts = configuration.accounts.all
        let chosen: [Account] =
            if let account {
                accounts.filter {
                    $0.name == account || $0.path.description == account
                        || $0.credentials?.appID?.rawValue == account
                }
            } else {
                accounts.count == 1 ? accounts : accounts.filter { $0.path.description == path }
            }
        guard chosen.count == 1, let one = chosen.first else {
            let names = accounts.prefix(20).map(\.path.description).joined(separator: ", ")
            if let account, chosen.isEmpty {
                throw ValidationError("\(file) has no account '\(Terminal.safe(account))'; there are \(names)")
            }
            throw ValidationError("--account NAME says which account of \(file) is meant: \(names)")
        }
        guard let credentials = one.credentials else {
            throw ValidationError(
                "\(one.path): the Token is in the path; give it with WECHAT_TOKEN in place of --config")
        }
        return (credentials, configuration.settings.apiBase)
    }

    /// The account as a web server's variables have it, for targets that stand behind none.
    func variables() throws -> [String: String] {
        if let config { return ["WECHAT_FCGI_CONFIG": config] }
        let texts = try texts()
        let variables = [
            "WECHAT_TOKEN": texts.token, "WECHAT_APP_ID": texts.appID, "WECHAT_APP_SECRET": texts.appSecret,
            "WECHAT_AES_KEY": texts.encodingAESKey, "WECHAT_ENCRYPTION": texts.encryption?.rawValue,
        ]
        return variables.compactMapValues { $0 }
    }

    /// The variables of a program that is started here: the account, the settings of the environment, and what the
    /// configuration file names as `${NAME}`.
    func variablesOfProgram() throws -> [String: String] {
        let environment = try environmentVariables.environment()
        var variables: [String: String] = [:]
        for setting in Setting.all { variables[setting.variable] = environment[setting.variable] }
        variables.merge(try self.variables()) { $1 }
        // What cannot be read is the program's to say.
        if let file = variables[Setting.config.variable], let bytes = try? BoundedFile.read(file, limit: 4 << 20) {
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: "${").dropFirst()
            for name in parts.map({ String($0.prefix { $0 != "}" }) }) where variables[name] == nil {
                variables[name] = environment[name]
            }
        }
        return variables
    }

    private static func mode(_ text: String) throws -> EncryptionMode {
        do { return try EncryptionMode(parsing: text) } catch { throw ValidationError("the mode: \(error)") }
    }
}
