/// One setting of the process: one name in three spellings, what it is for and what it accepts.
///
/// The command line, the environment, the configuration file and the documentation all read ``all``, so that a setting
/// is added in one place.
public struct Setting: Sendable {
    /// Its name, in words with underscores, such as `max_body`.
    public let name: String
    /// What a value is called in help texts, such as `BYTES`.
    public let placeholder: String
    /// What it is for, in one sentence.
    public let help: String
    /// What is accepted, to follow "expected".
    public let accepts: String
    /// Its default as it would be written, or as it reads where there is nothing to write.
    public let defaultText: String
    /// Whether a configuration file may hold it.
    public let isInFile: Bool
    /// Whether it is several values with commas between them, which a configuration file may write as a list, too.
    public let isList: Bool
    /// Whether a reload of the configuration changes it in a process that runs.
    public let isReloaded: Bool
    /// Writes a value into the settings; `false` where it is not accepted.
    let apply: @Sendable (inout ServerSettings, String) -> Bool
    /// Whether it differs between two sets of settings.
    let differs: @Sendable (ServerSettings, ServerSettings) -> Bool

    init<Value: Equatable & SendableMetatype>(
        _ name: String, _ placeholder: String, _ path: any WritableKeyPath<ServerSettings, Value> & Sendable,
        default defaultText: String, accepts: String, isInFile: Bool = true, isList: Bool = false,
        isReloaded: Bool = false, help: String, parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.accepts = accepts
        self.defaultText = defaultText
        self.isInFile = isInFile
        self.isList = isList
        self.isReloaded = isReloaded
        apply = { settings, text in
            guard let value = parse(text) else { return false }
            settings[keyPath: path] = value
            return true
        }
        differs = { $0[keyPath: path] != $1[keyPath: path] }
    }

    /// A setting that has no value unless one is given.
    init<Value: Equatable & SendableMetatype>(
        _ name: String, _ placeholder: String, optional path: any WritableKeyPath<ServerSettings, Value?> & Sendable,
        default defaultText: String, accepts: String, isInFile: Bool = true, isReloaded: Bool = false, help: String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.init(
            name, placeholder, path, default: defaultText, accepts: accepts, isInFile: isInFile,
            isReloaded: isReloaded, help: help,
            parse: { text in parse(text).map { .some($0) } })
    }

    /// Its spelling on the command line, such as `--max-body`.
    public var flag: String { "--" + String(name.map { $0 == "_" ? "-" : $0 }) }
    /// Its spelling in the environment, such as `WECHAT_FCGI_MAX_BODY`.
    public var variable: String { Self.variablePrefix + name.uppercased() }
    /// Its spelling in a configuration file, such as `server.max_body`.
    public var key: String { "server." + name }

    /// How the names of all settings begin in the environment.
    static let variablePrefix = "WECHAT_FCGI_"
}

/// A value that was given for a setting, and where.
public struct SettingValue: Sendable {
    /// The setting.
    public var setting: Setting
    /// The value as it was written.
    public var text: String
    /// Where it was written, to begin an error with, such as `--max-body` or `bot.yaml:3:14: server.max_body`.
    public var origin: String

    /// Creates a value.
    /// - Parameters:
    ///   - setting: The setting.
    ///   - text: The value as it was written.
    ///   - origin: Where it was written; the name on the command line where this is left out.
    public init(_ setting: Setting, _ text: String, origin: String? = nil) {
        self.setting = setting
        self.text = text
        self.origin = origin ?? setting.flag
    }

    /// What is wrong with the value, or `nil` where it is accepted.
    public var mistake: String? {
        var scratch = ServerSettings()
        guard !setting.apply(&scratch, text) else { return nil }
        return "\(SettingsError.quoted(text)) is not accepted; expected \(setting.accepts)"
    }
}

/// Values of settings that are not accepted.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
    /// One line for each: where it stands and what is accepted.
    public let mistakes: [String]

    /// All of it, one line each.
    public var description: String { mistakes.joined(separator: "\n") }

    /// A value for people to recognise: one line, not longer than they need.
    static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(60).map { $0.isUnseen ? "?" : String($0) }
        return "'" + shown.joined() + (text.unicodeScalars.count > 60 ? "…'" : "'")
    }
}
