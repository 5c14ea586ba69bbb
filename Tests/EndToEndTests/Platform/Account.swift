import Testing

/// An account as its owner set it up on the platform.
struct Account: Sendable, CustomTestStringConvertible {
    enum Mode: Sendable { case plain, compatible, secure }

    /// The path of the URL.
    var path: String
    var token: String
    var appID = "wx0123456789abcdef"
    var key: String?
    var mode = Mode.plain

    var testDescription: String { path }
}

extension Account {
    // The last two bits of the first are not zero: keys are random, and such ones are met.
    static let firstKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    static let secondKey = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFE"

    /// Set up by the web server's variables, with the Token that deploy/'s files have for an example.
    static let single = Account(path: "/wechat", token: "YourToken")
    /// Set up by the web server's variables, all of them.
    static let variables = Account(
        path: "/wechat/variables", token: "VariablesToken", appID: "wxvariables", key: secondKey, mode: .secure)

    /// Set up by an example of rules, which has the path that the documents have.
    static let example = Account(path: "/wechat", token: "ExampleToken")

    // In the configuration file.
    static let plain = Account(path: "/wechat/plain", token: "PlainToken")
    static let deeper = Account(path: "/wechat/plain/deeper", token: "DeeperToken")
    static let compatible = Account(
        path: "/wechat/compatible", token: "CompatibleToken", key: firstKey, mode: .compatible)
    static let secure = Account(path: "/wechat/secure", token: "SecureToken", key: firstKey, mode: .secure)
    static let rotated = Account(
        path: "/wechat/rotated", token: "NewToken", key: secondKey, mode: .compatible)
    static let demo = Account(path: "/wechat/demo/AnyToken123", token: "AnyToken123")

    /// As its owner had it before the change that the configuration file tells of.
    static let rotatedBefore = Account(
        path: rotated.path, token: "OldToken", key: firstKey, mode: .compatible)

    static let configuration = """
        accounts:
          - path: /wechat/plain
            token: PlainToken
          - path: /wechat/plain/deeper
            token: DeeperToken
          - path: /wechat/compatible
            token: CompatibleToken
            app_id: wx0123456789abcdef
            aes_key: \(firstKey)
            encryption: compatible
          - path: /wechat/secure
            name: safe
            token: SecureToken
            app_id: wx0123456789abcdef
            aes_key: \(firstKey)
          - path: /wechat/rotated
            token: NewToken
            previous_token: OldToken
            app_id: wx0123456789abcdef
            aes_key: \(secondKey)
            previous_aes_key: \(firstKey)
            encryption: compatible
          - path: /wechat/demo/{token}
        """
}
