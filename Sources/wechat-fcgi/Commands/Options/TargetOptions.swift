import ArgumentParser
import OfficialAccountServer
import PlatformSimulator

/// How a server is reached that is no URL, and how long it is waited for.
struct TargetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The path of the account's URL, for fastcgi: and cgi: (default: /wechat).", valueName: "PATH"))
    var path: String?
    @Flag(
        help: """
            Hand the account to a FastCGI server as a web server's variables do (WECHAT_TOKEN and its like). A cgi: \
            program always gets them, with --config, the WECHAT_FCGI_… variables and those that the configuration file \
            names; it may run for 30 s, however long the platform waits.
            """) var passAccount = false
    @Option(
        help: ArgumentHelp("How long to wait for an answer, in seconds; the platform waits 5.", valueName: "SECONDS"))
    var timeout: Double = 5
    @Flag(help: "Print one line of JSON, for scripts.") var json = false

    func validate() throws {
        guard timeout > 0, timeout <= 600 else { throw ValidationError("--timeout is up to 600 seconds") }
        if let path, path.utf8.first != UInt8(ascii: "/") { throw ValidationError("--path begins with a slash") }
    }

    /// How patient the platform is to be.
    var rule: DeliveryRule { DeliveryRule(patience: .milliseconds(Int64(timeout * 1000))) }

    /// The path of the account's URL.
    func path(of address: TargetAddress) -> String {
        guard case .http(let url) = address, let scheme = url.firstRange(of: "://") else { return path ?? "/wechat" }
        let rest = url[scheme.upperBound...].drop { !"/?#".contains($0) }
        return String(rest.prefix { !"?#".contains($0) })
    }

    /// What the target's web server would add.
    func variables(for address: TargetAddress, _ account: AccountOptions) throws -> [String: String] {
        switch address {
        case .http: [:]
        case .fastCGI: passAccount ? try account.variables() : [:]
        case .cgi: try account.variablesOfProgram()
        }
    }

    /// Where a server is: an argument, or `WECHAT_URL`.
    static func address(_ given: String?, argument: String) throws -> TargetAddress {
        guard let text = given ?? ProcessEnvironment.process["WECHAT_URL"], !text.isEmpty else {
            throw ValidationError("where? Give \(argument), or set WECHAT_URL: \(TargetAddressError())")
        }
        do { return try TargetAddress(parsing: text) } catch { throw ValidationError("\(argument): \(error)") }
    }
}
