import OfficialAccount
import OfficialAccountBot
import OfficialAccountRules
import OfficialAccountServer
import Yams

/// Tells of accounts whose late answers are to go by customer service, and which the file gives no AppID and AppSecret for
/// calls to the platform.
///
/// That is no mistake: the variables that a web server sends with a request win over the file, and may bring both.
enum CustomerServiceNeeds {
    private static let needs = "needs app_id and app_secret, for calls to the platform"
    private static let orVariables =
        "the web server's variables bring them (WECHAT_TOKEN, WECHAT_APP_ID and WECHAT_APP_SECRET)"
    private static let untilThen = "without them its late answers wait to be collected"

    /// What holds where the accounts are those of the web server's variables.
    static let note =
        "late: customer_service needs WECHAT_APP_ID and WECHAT_APP_SECRET where the web server sets WECHAT_TOKEN; "
        + "an account without them has its late answers wait to be collected, as with late: collect"

    /// Warns of what an account without AppID or AppSecret says by itself.
    /// - Parameters:
    ///   - late: What it says.
    ///   - entries: Its keys.
    static func warn(_ late: LateOverrides, _ entries: [String: Node], _ reader: inout YAMLReader) {
        if late.mode == .customerService {
            reader.mistakes.warn(
                "late: customer_service \(needs): \(untilThen); set both here, unless \(orVariables), or late: collect",
                at: entries["late"]?.mark)
        } else if late.showsTyping == true {
            reader.mistakes.warn(
                "typing \(needs): without them nothing is shown; set both here, unless \(orVariables), or typing: no",
                at: entries["typing"]?.mark)
        }
    }

    /// What to warn of in the settings of all accounts.
    /// - Parameters:
    ///   - accounts: The accounts.
    ///   - late: What counts for those that say nothing.
    ///   - values: The values that settings were given, the layer that counts most last.
    /// - Returns: A line each, which begins with where the setting stands.
    static func warnings(_ accounts: Accounts, _ late: LateAnswers, given values: [SettingValue]) -> [String] {
        let without = accounts.all.filter { !$0.canCallPlatform }
        let mute = without.filter { $0.late.mode == nil }
        if late.mode == .customerService, !mute.isEmpty, let start = start(of: .late, values) {
            return [
                start + ": customer_service \(needs), which \(names(mute)) \(mute.count == 1 ? "has" : "have") not: "
                    + "\(untilThen); set both with the account, unless \(orVariables), or late: collect with it"
            ]
        }
        let showsNone = !accounts.all.contains {
            $0.canCallPlatform && ($0.late.mode ?? late.mode) == .customerService
        }
        if late.showsTyping, showsNone, !without.isEmpty, let start = start(of: .typing, values) {
            return [
                start + " \(needs), which \(names(without)) \(without.count == 1 ? "has" : "have") not: nothing is "
                    + "shown; set both and late: customer_service with the account, unless \(orVariables), or typing: no"
            ]
        }
        return []
    }

    /// How a warning of a setting begins: with its place in the file, or with the flag or variable that gave it.
    private static func start(of setting: Setting, _ values: [SettingValue]) -> String? {
        guard let value = values.last(where: { $0.setting.name == setting.name }) else { return nil }
        let (origin, key) = (value.origin, setting.key)
        return origin.hasSuffix(key) ? "\(origin.dropLast(key.count))warning: \(key)" : "warning: \(origin)"
    }

    /// A few of the accounts by name.
    private static func names(_ accounts: [Account]) -> String {
        let some = accounts.prefix(5).map { $0.name.isEmpty ? $0.path.description : $0.name }.joined(separator: ", ")
        return accounts.count > 5 ? some + ", …" : some
    }
}

extension Account {
    /// Whether what the file says of it suffices for calls to the platform.
    fileprivate var canCallPlatform: Bool { credentials?.appID != nil && credentials?.appSecret != nil }
}
