import ArgumentParser
import OfficialAccountServer

/// The settings of the process as flags. Their names, help texts and defaults come from the table of settings.
struct SettingFlags: ParsableArguments {
    @Option(help: .init(.listen)) var listen: String?
    @Option(help: .init(.socketMode)) var socketMode: String?
    @Option(help: .init(.socketGroup)) var socketGroup: String?
    @Option(help: .init(.config), completion: .file(extensions: ["yaml", "yml"])) var config: String?
    @Option(help: .init(.logLevel)) var logLevel: String?
    @Option(help: .init(.logFormat)) var logFormat: String?
    @Option(help: .init(.maxAge)) var maxAge: String?
    @Option(help: .init(.maxBody)) var maxBody: String?
    @Option(help: .init(.maxParams)) var maxParams: String?
    @Option(help: .init(.maxConnections)) var maxConnections: String?
    @Option(help: .init(.maxRequests)) var maxRequests: String?
    @Option(help: .init(.workers)) var workers: String?
    @Option(help: .init(.readTimeout)) var readTimeout: String?
    @Option(help: .init(.writeTimeout)) var writeTimeout: String?
    @Option(help: .init(.handlerTimeout)) var handlerTimeout: String?
    @Option(help: .init(.stopTimeout)) var stopTimeout: String?

    @Option(help: .init(.store)) var store: String?
    @Option(help: .init(.late)) var late: String?
    @Option(help: .init(.notice)) var notice: String?
    @Option(help: .init(.continuation)) var continuation: String?
    @Option(help: .init(.apology)) var apology: String?
    @Option(help: .init(.collectWords)) var collectWords: String?
    @Option(help: .init(.typing)) var typing: String?
    @Option(help: .init(.keepHandled)) var keepHandled: String?
    @Option(help: .init(.keepAnswers)) var keepAnswers: String?
    @Option(help: .init(.apiBase)) var apiBase: String?

    @Option(help: .init(.status)) var status: String?
    @Option(help: .init(.statusAllow)) var statusAllow: String?
    @Option(help: .init(.statusFolder)) var statusFolder: String?

    /// The values that were given.
    var values: [SettingValue] {
        let given: [(Setting, String?)] = [
            (.listen, listen), (.socketMode, socketMode), (.socketGroup, socketGroup), (.config, config),
            (.logLevel, logLevel), (.logFormat, logFormat), (.maxAge, maxAge), (.maxBody, maxBody),
            (.maxParams, maxParams),
            (.maxConnections, maxConnections), (.maxRequests, maxRequests), (.workers, workers),
            (.readTimeout, readTimeout), (.writeTimeout, writeTimeout), (.handlerTimeout, handlerTimeout),
            (.stopTimeout, stopTimeout), (.store, store), (.late, late), (.notice, notice),
            (.continuation, continuation), (.apology, apology), (.collectWords, collectWords), (.typing, typing),
            (.keepHandled, keepHandled), (.keepAnswers, keepAnswers), (.apiBase, apiBase),
            (.status, status), (.statusAllow, statusAllow), (.statusFolder, statusFolder),
        ]
        return given.compactMap { setting, text in text.map { SettingValue(setting, $0) } }
    }

    func validate() throws {
        let mistakes = values.compactMap { value in value.mistake.map { "\(value.origin): \($0)" } }
        guard mistakes.isEmpty else { throw ValidationError(mistakes.joined(separator: "\n")) }
    }
}

extension ArgumentHelp {
    /// The help of a setting's flag.
    fileprivate init(_ setting: Setting) {
        self.init("\(setting.help) (default: \(setting.defaultText))", valueName: setting.placeholder)
    }
}
