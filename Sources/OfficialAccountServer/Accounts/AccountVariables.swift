internal import FastCGI
internal import OfficialAccount

/// The variables in which a request, or the environment of the process, may carry the credentials of an account.
///
/// A client cannot set them: what it sends arrives under names that begin with `HTTP_` (RFC 3875, section 4.1.18).
struct AccountVariables: Sendable, Hashable {
    private var token: ArraySlice<UInt8>
    private var previousToken: ArraySlice<UInt8>?
    private var appID: ArraySlice<UInt8>?
    private var appSecret: ArraySlice<UInt8>?
    private var aesKey: ArraySlice<UInt8>?
    private var previousAESKey: ArraySlice<UInt8>?
    private var encryption: ArraySlice<UInt8>?

    /// Takes the variables from where they are kept.
    /// - Parameter value: The bytes of a variable.
    /// - Returns: `nil` where no Token is named: then the other variables say nothing either, since credentials come
    ///   all from one source.
    init?(_ value: (StaticString) -> ArraySlice<UInt8>?) {
        // A web server has no way to leave out a parameter whose variable is empty, so an empty one is none.
        func present(_ name: StaticString) -> ArraySlice<UInt8>? {
            value(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let token = present("WECHAT_TOKEN") else { return nil }
        self.token = token
        previousToken = present("WECHAT_PREVIOUS_TOKEN")
        appID = present("WECHAT_APP_ID")
        appSecret = present("WECHAT_APP_SECRET")
        aesKey = present("WECHAT_AES_KEY")
        previousAESKey = present("WECHAT_PREVIOUS_AES_KEY")
        encryption = present("WECHAT_ENCRYPTION")
    }

    /// The variables of a request.
    init?(_ parameters: Parameters) {
        self.init { parameters.bytes(of: $0) }
    }

    /// The variables of an environment.
    init?(_ environment: ProcessEnvironment) {
        self.init { environment[$0.description].map { Array($0.utf8)[...] } }
    }

    /// A copy that does not keep alive what the variables were looked up in.
    var detached: Self {
        var copy = self
        copy.token = Array(token)[...]
        copy.previousToken = previousToken.map { Array($0)[...] }
        copy.appID = appID.map { Array($0)[...] }
        copy.appSecret = appSecret.map { Array($0)[...] }
        copy.aesKey = aesKey.map { Array($0)[...] }
        copy.previousAESKey = previousAESKey.map { Array($0)[...] }
        copy.encryption = encryption.map { Array($0)[...] }
        return copy
    }

    /// The credentials that the variables carry.
    /// - Throws: ``AccountVariableError``, which names the variable and never holds its value.
    var credentials: Credentials {
        get throws(AccountVariableError) {
            guard let token = try Self.read(token, "WECHAT_TOKEN", Token.init(parsing:)) else {
                throw AccountVariableError(variable: "WECHAT_TOKEN", problem: "not set")
            }
            let mode = try Self.read(encryption, "WECHAT_ENCRYPTION", EncryptionMode.init(parsing:))
            let previousToken = try Self.read(previousToken, "WECHAT_PREVIOUS_TOKEN", Token.init(parsing:))
            let appID = try Self.read(appID, "WECHAT_APP_ID", AppID.init(parsing:))
            let appSecret = try Self.read(appSecret, "WECHAT_APP_SECRET", AppSecret.init(parsing:))
            let key = try Self.read(aesKey, "WECHAT_AES_KEY", EncodingAESKey.init(parsing:))
            let previousKey = try Self.read(previousAESKey, "WECHAT_PREVIOUS_AES_KEY", EncodingAESKey.init(parsing:))
            do throws(CredentialError) {
                return try Credentials(
                    token: token, previousToken: previousToken, appID: appID, appSecret: appSecret,
                    encodingAESKey: key, previousEncodingAESKey: previousKey, encryption: mode)
            } catch {
                // What goes wrong with them together is that one is missing.
                let variable = error.name == "AppID" ? "WECHAT_APP_ID" : "WECHAT_AES_KEY"
                throw AccountVariableError(variable: variable, problem: "not set, and \(error)")
            }
        }
    }

    private static func read<Value, Failure: Error & CustomStringConvertible>(
        _ bytes: ArraySlice<UInt8>?, _ name: String, _ parse: (String) throws(Failure) -> Value
    ) throws(AccountVariableError) -> Value? {
        guard let bytes else { return nil }
        do throws(Failure) {
            return try parse(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw AccountVariableError(variable: name, problem: error.description)
        }
    }
}

/// A variable that carries a credential which is not accepted. It never holds the value.
public struct AccountVariableError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The variable, such as `WECHAT_AES_KEY`.
    public let variable: String
    /// What is expected and what was found.
    public let problem: String

    /// One line that says which variable it is and what is expected.
    public var description: String { "\(variable): \(problem)" }
}
