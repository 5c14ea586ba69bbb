public import FastCGI
public import Logging
public import OfficialAccountBot

/// The settings of the process, with their defaults.
public struct ServerSettings: Sendable {
    /// Where to listen, where no listening socket is inherited.
    public var listen: ListenAddress?
    /// The permissions of a Unix socket.
    public var socketMode: UInt32 = 0o660
    /// The name of a Unix socket's group, or `nil` for the process's own.
    public var socketGroup: String?
    /// The path of the configuration file.
    public var config: String?
    /// The level from which lines are logged.
    public var logLevel: Logger.Level = .notice
    /// Whether log lines are text or JSON.
    public var logFormat = LogForm.text
    /// How far a request's time may be from the clock, in seconds; 0 accepts any.
    public var maxAge: Int64 = 600
    /// Where it is kept which messages are handled and what was answered, or `nil` for the folder that a service manager
    /// gives (`STATE_DIRECTORY`), else memory.
    public var store: StoreAddress?
    /// What accounts do with late answers that do not say otherwise.
    public var late = LateAnswers()
    /// How long a message that was answered is remembered, in seconds.
    public var keepHandled: Double = HandlingSettings().keepHandled
    /// How long an answer waits to be collected, in seconds.
    public var keepAnswers: Double = HandlingSettings().keepAnswers
    /// Where the platform's interface for calls out is reached, such as a proxy; `nil` for the platform itself.
    public var apiBase: String?
    /// Where the status is shown, or `nil` for nowhere.
    public var status: StatusPath?
    /// Whose clients may see the status beside those of the same machine.
    public var statusAllow = ClientNetworks.none
    /// The folder in which processes share what they count, or `nil` for the one that a service manager gives
    /// (`RUNTIME_DIRECTORY`), else one in memory.
    public var statusFolder: String?
    /// The threads that read and answer requests, or `nil` for as many as the server takes by itself.
    public var workers: Int?
    /// What the server takes on at most.
    public var limits = Limits()

    /// Creates settings that are all at their defaults.
    public init() {}

    /// Creates settings from the values that were given for them.
    /// - Parameter layers: The values, the layer that counts most last: those of the configuration file, of the
    ///   environment, of the command line.
    /// - Throws: ``SettingsError`` with every value that is not accepted, be it overridden or not.
    public init(layers: [SettingValue]...) throws(SettingsError) {
        self.init()
        var mistakes: [String] = []
        for value in layers.joined() {
            if let mistake = value.mistake {
                mistakes.append("\(value.origin): \(mistake)")
            } else {
                _ = value.setting.apply(&self, value.text)
            }
        }
        guard mistakes.isEmpty else { throw SettingsError(mistakes: mistakes) }
    }
}

extension ProcessEnvironment {
    /// The settings that the environment holds, in the spelling `WECHAT_FCGI_MAX_BODY`.
    ///
    /// A variable that is empty says nothing, as service managers have no other way to take one back.
    public var settings: [SettingValue] {
        variables(beginningWith: Setting.variablePrefix).compactMap { name, text in
            guard !text.isEmpty, let setting = Setting.all.first(where: { $0.variable == name }) else { return nil }
            return SettingValue(setting, text, origin: name)
        }
    }

    /// The variables that look like settings and are none.
    public var unknownSettings: [String] {
        variables(beginningWith: Setting.variablePrefix).map(\.name).filter { name in
            !Setting.all.contains { $0.variable == name }
        }
    }
}
