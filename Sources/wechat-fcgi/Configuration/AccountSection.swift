import OfficialAccount
import OfficialAccountBot
import OfficialAccountRules
import OfficialAccountServer
import Yams

/// One account of a configuration file.
struct AccountSection {
    static let keys =
        [
            "path", "name", "token", "app_id", "app_secret", "aes_key", "previous_token", "previous_aes_key",
            "encryption",
        ] + LateSection.keys + AccountRules.keys

    /// Reads an account.
    /// - Returns: The account, or `nil` where something in it was a mistake.
    static func read(_ node: Node, _ reader: inout YAMLReader) -> (account: Account, path: Yams.Mark?)? {
        guard let entries = reader.mapping(node, keys: keys, what: "an account") else { return nil }
        let before = reader.mistakes.errors.count
        let late = LateSection.read(entries, &reader)
        let name = reader.parse(entries["name"], "name", AccountName.init(parsing:))?.text
        let token = reader.parse(entries["token"], "token", Token.init(parsing:))
        let previousToken = reader.parse(entries["previous_token"], "previous_token", Token.init(parsing:))
        let appID = reader.parse(entries["app_id"], "app_id", AppID.init(parsing:))
        let appSecret = reader.parse(entries["app_secret"], "app_secret", AppSecret.init(parsing:))
        let key = reader.parse(entries["aes_key"], "aes_key", EncodingAESKey.init(parsing:))
        let previousKey = reader.parse(entries["previous_aes_key"], "previous_aes_key", EncodingAESKey.init(parsing:))
        let encryption = reader.parse(entries["encryption"], "encryption", EncryptionMode.init(parsing:))
        if appID?.rawValue.hasPrefix("gh_") == true {
            reader.mistakes.warn(
                "app_id: this is the account's original ID (gh_…); the AppID begins with wx, on the page 基本配置",
                at: entries["app_id"]?.mark)
        }
        guard let pathNode = entries["path"] else {
            reader.mistakes.add("the account has no path; expected one as in /wechat", at: node.mark)
            return nil
        }
        guard let path = reader.parse(pathNode, "path", PathPattern.init(parsing:)) else { return nil }
        if path.holdsToken {
            for (key, value) in entries where key != "path" && key != "name" && !isOpenToAll(key) {
                reader.mistakes.add("\(key): \(AccountsError.tokenInPathAndInCredentials)", at: value.mark)
            }
        } else if entries["token"] == nil {
            reader.mistakes.add("\(AccountsError.noTokenInPath)", at: node.mark)
        }
        let credentials = token.flatMap {
            try? Credentials(
                token: $0, previousToken: previousToken, appID: appID, appSecret: appSecret, encodingAESKey: key,
                previousEncodingAESKey: previousKey, encryption: encryption)
        }
        let bot = AccountRules.read(
            entries, credentials: credentials, hasFaultyCredentials: credentials == nil && !path.holdsToken, &reader)
        guard reader.mistakes.errors.count == before else { return nil }
        if appID == nil || appSecret == nil { CustomerServiceNeeds.warn(late, entries, &reader) }
        do {
            guard let token else {
                var account = try Account(name: name, tokenIn: path)
                account.late = late
                account.bot = bot
                return (account, pathNode.mark)
            }
            let credentials = try Credentials(
                token: token, previousToken: previousToken, appID: appID, appSecret: appSecret, encodingAESKey: key,
                previousEncodingAESKey: previousKey, encryption: encryption)
            var account = try Account(name: name, path: path, credentials: credentials)
            account.late = late
            account.bot = bot
            return (account, pathNode.mark)
        } catch {
            reader.mistakes.add("\(error)", at: node.mark)
            return nil
        }
    }
}

extension AccountSection {
    /// Whether a key is of those that say nothing of who may use the account.
    private static func isOpenToAll(_ key: String) -> Bool {
        LateSection.keys.contains(key) || AccountRules.keys.contains(key)
    }
}

/// The name of an account as an owner may choose it: it stands in log lines.
struct AccountName {
    let text: String

    /// Why a name is not accepted.
    struct Refused: Error, CustomStringConvertible {
        var description: String { "expected 1 to 64 characters, none of them a control character" }
    }

    init(parsing text: String) throws(Refused) {
        guard (1...64).contains(text.count), text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw Refused() }
        self.text = text
    }
}
