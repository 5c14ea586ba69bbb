import OfficialAccountRules
import OfficialAccountServer
import Yams

/// What a configuration file says.
struct Configuration {
    /// The values of the process's settings, each with its place.
    var settings: [SettingValue] = []
    /// The accounts, or `nil` where the file does not speak of accounts: then they are found as without a file.
    var accounts: Accounts?
    /// What is accepted but likely not what was meant.
    var warnings: [Mistake] = []
    /// How long the answers of rules may take.
    var answerTimeouts: [AnswerTimeout] = []

    /// Reads a file.
    /// - Parameters:
    ///   - path: The file's path.
    ///   - substitution: Where `${NAME}` comes from.
    /// - Throws: ``ConfigurationError`` with every mistake in it.
    init(file path: String, substitution: Substitution) throws(ConfigurationError) {
        let bytes: [UInt8]
        do throws(BoundedFile.Failure) {
            bytes = try BoundedFile.read(path, limit: YAMLText.longest)
        } catch {
            let text = UnreadableFile.text(path, error)
            throw ConfigurationError(file: path, mistakes: [Mistake(line: 0, column: 0, text: text)])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(file: path, mistakes: [Mistake(line: 0, column: 0, text: "is not UTF-8")])
        }
        try self.init(text: text, file: path, substitution: substitution)
    }

    /// Reads a text.
    /// - Parameters:
    ///   - text: The text, YAML.
    ///   - path: What its mistakes begin with.
    ///   - substitution: Where `${NAME}` comes from.
    /// - Throws: ``ConfigurationError`` with every mistake in it.
    init(text: String, file path: String, substitution: Substitution) throws(ConfigurationError) {
        var reader = YAMLReader(substitution: substitution)
        if let root = reader.parse(text) {
            read(root, file: path, &reader)
        } else if reader.mistakes.isEmpty {
            reader.mistakes.add("is empty; it has \(Self.keys.joined(separator: ", "))", at: nil)
        }
        guard reader.mistakes.isEmpty else {
            throw ConfigurationError(file: path, mistakes: reader.mistakes.list)
        }
        warnings = reader.mistakes.warnings
        answerTimeouts = reader.answerTimeouts
    }

    private static let keys = ["server", "accounts"]

    private mutating func read(_ root: Node, file path: String, _ reader: inout YAMLReader) {
        guard let entries = reader.mapping(root, keys: Self.keys, what: "the file") else { return }
        if let server = entries["server"] {
            settings = ServerSection.read(server, file: path, &reader)
        }
        if let list = entries["accounts"].flatMap({ reader.list($0, what: "accounts") }) {
            readAccounts(list, at: entries["accounts"]?.mark, &reader)
        }
    }

    private mutating func readAccounts(_ nodes: [Node], at mark: Mark?, _ reader: inout YAMLReader) {
        if nodes.isEmpty { reader.mistakes.add("accounts has no item", at: mark) }
        var list: [Account] = []
        for node in nodes {
            guard let (account, mark) = AccountSection.read(node, &reader) else { continue }
            if list.contains(where: { $0.path == account.path }) {
                reader.mistakes.add("\(AccountsError.samePath(account.path.description))", at: mark)
            } else {
                list.append(account)
            }
        }
        // Paths that are the same have been left out, so that this cannot fail.
        accounts = try? Accounts(list)
    }
}

/// The section `server` of a configuration file: settings of the process.
enum ServerSection {
    static func read(_ node: Node, file path: String, _ reader: inout YAMLReader) -> [SettingValue] {
        let settings = Setting.all.filter(\.isInFile)
        guard let entries = reader.mapping(node, keys: settings.map(\.name), what: "server") else { return [] }
        var values: [SettingValue] = []
        for setting in settings {
            guard let node = entries[setting.name], let value = reader.value(node, of: setting) else { continue }
            let place = value.mark.map { "\(path):\($0.line):\($0.column): " } ?? "\(path): "
            let setting = SettingValue(setting, value.text, origin: place + setting.key)
            if let mistake = setting.mistake {
                reader.mistakes.add("\(setting.setting.key): \(mistake)", at: value.mark)
            } else {
                values.append(setting)
            }
        }
        return values
    }
}

extension YAMLReader {
    /// The value of a setting as a flag would have it: that of a list, with commas between its items.
    mutating func value(_ node: Node, of setting: Setting) -> Value? {
        guard setting.isList, case .sequence = node else { return value(node, key: setting.name) }
        guard let values = values(node, key: setting.name), var value = values.first else { return nil }
        value.text = values.map(\.text).joined(separator: ",")
        value.mark = node.mark
        return value
    }
}
