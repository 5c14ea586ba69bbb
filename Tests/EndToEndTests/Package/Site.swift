import OfficialAccount
import PlatformSimulator
import TestSupport

/// Debian's nginx in a clean root, with a site of an owner's that includes the packaged snippet.
final class Site: Sendable {
    static let account = Account(path: "/wechat", token: "PackagedToken")

    private let port: UInt16
    private let nginx: ChildProcess
    private let root: CleanRoot
    /// Somebody who writes to the account.
    let user: SimulatedUser

    init(in root: CleanRoot) throws {
        self.root = root
        port = try Endpoint.freePort()
        try root.edit("/etc/nginx/snippets/wechat.conf", "YourToken", to: Self.account.token)
        try root.write(
            "server { listen 127.0.0.1:\(port); include snippets/wechat.conf; }", to: "/etc/nginx/sites-enabled/site")
        user = SimulatedPlatform(
            credentials: Credentials(token: try Token(parsing: Self.account.token)),
            target: HTTPTarget("http://127.0.0.1:\(port)\(Self.account.path)")
        ).user("oUser")
        nginx = try root.start(["nginx", "-g", "daemon off;"])
        try nginx.waitUntilAnswering(.loopback(port: port))
    }

    func answer(to request: HTTPRequest) throws -> HTTPResponse { try request.send(to: .loopback(port: port)) }

    var log: String { (try? root.text(of: "/var/log/nginx/error.log")) ?? "" }
}
