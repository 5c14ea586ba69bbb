public import OfficialAccount
public import OfficialAccountBot

/// What an account answers, as a YAML text has it, as a bot.
///
/// ```yaml
/// welcome: 你好！回复「帮助」看我会什么。
/// rules:
///   - text: [帮助, help]
///     reply: "1. 天气\n2. 订单"
///   - any:
///     reply: 我还不会这个。
/// ```
public struct Rules: Sendable {
    /// The bot that answers by the rules.
    public let bot: Bot
    /// What is not wrong, but likely not what was meant, such as a rule that no message reaches.
    public let warnings: [Mistake]

    /// Reads rules.
    /// - Parameters:
    ///   - yaml: The text: a mapping with `welcome`, `rules`, `chats` and `session`.
    ///   - file: What its mistakes begin with.
    ///   - credentials: The account's credentials, for services that get messages as the platform sends them.
    ///   - lookUp: The value of a name that stands as `${NAME}` in the text, such as one of the environment.
    /// - Throws: ``ConfigurationError`` with every mistake in it.
    public init(
        yaml: String, file: String = "rules.yaml", credentials: Credentials? = nil,
        lookUp: @escaping @Sendable (String) -> String? = { _ in nil }
    ) throws(ConfigurationError) {
        var reader = YAMLReader(substitution: Substitution(lookUp: lookUp))
        var bot: Bot?
        if let root = reader.parse(yaml),
            let entries = reader.mapping(root, keys: AccountRules.keys, what: "the file")
        {
            bot = AccountRules.read(entries, credentials: credentials, &reader)
        }
        guard reader.mistakes.isEmpty, let bot else {
            if reader.mistakes.isEmpty {
                reader.mistakes.add("is empty; it has \(AccountRules.keys.joined(separator: ", "))", at: nil)
            }
            throw ConfigurationError(file: file, mistakes: reader.mistakes.list)
        }
        self.bot = bot
        warnings = reader.mistakes.warnings
    }
}
