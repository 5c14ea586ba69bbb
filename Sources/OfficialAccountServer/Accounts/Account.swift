internal import Crypto
public import OfficialAccount
public import OfficialAccountBot

/// An account of the platform that this process answers for, and where it is reached.
public struct Account: Sendable {
    /// Which Token signs its requests.
    enum Access: Sendable {
        case credentials(Credentials)
        /// The Token is the element of the path that stands where the pattern has `{token}`.
        case tokenInPath
    }

    /// The only form in which the account appears in logs. Not a secret.
    public let name: String
    /// The path at which it is reached.
    public let path: PathPattern
    let access: Access
    /// Who answers its messages; `nil` for the bot of the process.
    public var bot: Bot?
    /// What it says of late answers.
    public var late = LateOverrides()

    /// Creates an account with credentials of its own.
    /// - Parameters:
    ///   - name: Its name in logs; by default its AppID, else its path.
    ///   - path: The path at which it is reached.
    ///   - credentials: What it and the platform know of each other.
    /// - Throws: ``AccountsError/tokenInPathAndInCredentials`` where the path holds `{token}`.
    public init(name: String? = nil, path: PathPattern, credentials: Credentials) throws(AccountsError) {
        guard !path.holdsToken else { throw .tokenInPathAndInCredentials }
        self.init(name, path, credentials)
    }

    /// Creates an account for whoever chose their own Token and made it part of the address.
    ///
    /// Anyone can choose it, so that such an account proves nothing of its sender and has no other credentials.
    /// - Parameters:
    ///   - name: What its name in logs begins with. A hash of the Token follows, so that the accounts can be told
    ///     apart.
    ///   - path: A path with `{token}` in it.
    /// - Throws: ``AccountsError/noTokenInPath`` where it has none.
    public init(name: String? = nil, tokenIn path: PathPattern) throws(AccountsError) {
        guard path.holdsToken else { throw .noTokenInPath }
        self.name = name ?? ""
        self.path = path
        access = .tokenInPath
    }

    /// Its credentials; `nil` where the Token is in its path.
    package var credentials: Credentials? {
        if case .credentials(let credentials) = access { credentials } else { nil }
    }

    /// The account of whatever path is asked for.
    init(anywhere credentials: Credentials) {
        self.init(credentials.appID?.rawValue ?? Self.name("", token: credentials.token), .any, credentials)
    }

    private init(_ name: String?, _ path: PathPattern, _ credentials: Credentials) {
        self.name = name ?? credentials.appID?.rawValue ?? path.description
        self.path = path
        access = .credentials(credentials)
    }

    /// The name of an account that is known by its Token alone, since that stands in its path or since it has no path of
    /// its own: enough of a SHA-256 to tell accounts apart.
    ///
    /// The hash has no key of this process: every process and machine that serves the account must call it the same, so
    /// that they find what one of them keeps under its name. Whoever reads the name can therefore try Tokens against
    /// it, which a Token of random characters withstands; the web server's log has the Token itself.
    static func name(_ prefix: String, token: Token) -> String {
        let text = hash(token, bytes: 6)
        return prefix.isEmpty ? text : prefix + "-" + text
    }

    /// What is kept of such an account is kept under all of the hash: nobody is to find a Token whose hash begins alike,
    /// and to read with it what belongs to others.
    static func key(_ prefix: String, token: Token) -> String { prefix + "-" + hash(token, bytes: 32) }

    private static func hash(_ token: Token, bytes count: Int) -> String {
        var text = ""
        for byte in SHA256.hash(data: Array(token.rawValue.utf8)).prefix(count) {
            text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
        }
        return text
    }
}

/// Why accounts do not go together.
public enum AccountsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The path holds `{token}`, and there are credentials besides.
    case tokenInPathAndInCredentials
    /// The path does not hold `{token}`, and there is no other Token.
    case noTokenInPath
    /// Two accounts have the same path.
    case samePath(String)

    /// What is wrong.
    public var description: String {
        switch self {
        case .tokenInPathAndInCredentials:
            "with {token} in its path anyone can choose the Token, so an account has no credentials besides"
        case .noTokenInPath: "an account needs a Token: its own, or {token} in its path"
        case .samePath(let path): "two accounts have the path \(path)"
        }
    }
}
