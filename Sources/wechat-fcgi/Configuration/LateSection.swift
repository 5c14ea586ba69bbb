import OfficialAccountBot
import OfficialAccountRules
import OfficialAccountServer
import Yams

/// What an account of a configuration file says of late answers. The keys are those of the settings, and mean the same.
enum LateSection {
    static let keys = ["late", "notice", "continuation", "apology", "collect_words", "typing"]

    static func read(_ entries: [String: Node], _ reader: inout YAMLReader) -> LateOverrides {
        var late = LateOverrides()
        for key in keys {
            guard let node = entries[key], let setting = Setting.named(key),
                let text = reader.value(node, of: setting)?.text
            else { continue }
            guard let accepted = Accepted(SettingValue(setting, text)) else {
                if let mistake = SettingValue(setting, text).mistake {
                    reader.mistakes.add("\(key): \(mistake)", at: node.mark)
                }
                continue
            }
            let given = accepted.settings.late
            switch key {
            case "late": late.mode = given.mode
            case "notice": late.notice = given.notice
            case "continuation": late.continuation = given.continuation
            case "apology": late.apology = given.apology
            case "collect_words": late.collectWords = given.collectWords
            default: late.showsTyping = given.showsTyping
            }
        }
        return late
    }

    /// Settings in which one value has been taken over.
    private struct Accepted {
        let settings: ServerSettings

        init?(_ value: SettingValue) {
            guard let settings = try? ServerSettings(layers: [value]) else { return nil }
            self.settings = settings
        }
    }
}
