import Glibc
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

/// The program with a file of rules, behind nginx with the files of deploy/nginx.
final class RuledServer: Sendable {
    static let token = "RulesToken"

    let folder: TemporaryFolder
    private let processes: [ChildProcess]
    private let nginx: Nginx
    private let file: String

    /// Starts it.
    /// - Parameters:
    ///   - rules: What stands in the account, each line as it would be at the beginning of a line; or a whole file, where it
    ///     begins with `accounts:`.
    ///   - environment: What `${NAME}` in the file stands for, and settings.
    ///   - count: How many processes answer, with one store in a file.
    init(_ rules: String, environment: [String: String] = [:], processes count: Int = 1) throws {
        folder = try TemporaryFolder()
        file = try folder.write(Self.file(rules), to: "bot.yaml")
        let socket = folder("s")
        let listener = try Endpoint.unix(socket).listen()
        defer { close(listener) }
        chmod(socket, 0o666)
        var variables = environment
        variables["WECHAT_FCGI_CONFIG"] = file
        if count > 1 { variables["WECHAT_FCGI_STORE"] = "sqlite:\(folder("store.sqlite"))" }
        let (log, own) = (folder("log"), programEnvironment(variables))
        processes = try (0..<count).map { _ in
            try ChildProcess([Program.path], environment: own, input: listener, log: log)
        }
        try waitUntilServing(count, log: log)
        let upstream = try Checkout.deploy(
            "nginx/upstream.conf",
            edits: [
                "unix:/run/wechat-fcgi/wechat.sock": "\(Endpoint.unix(socket))",
                "unix:/run/wechat-fcgi/./wechat.sock": Endpoint.unix(socket).writtenDifferently,
            ])
        nginx = try Nginx(
            in: TemporaryFolder(), http: upstream,
            server: "include \"\(Checkout.deploy("nginx/wechat-accounts.conf"))\";")
    }

    deinit { for process in processes { process.stop() } }

    /// The file with an account on the path `/wechat/a`.
    static func file(_ rules: String) -> String {
        if rules.hasPrefix("accounts:") { return rules }
        let lines = rules.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        return "accounts:\n  - path: /wechat/a\n    token: \(token)\n" + lines.joined(separator: "\n") + "\n"
    }

    /// Replaces the file as an editor does.
    func rewrite(_ rules: String) throws {
        try folder.write(Self.file(rules), to: "bot.yaml.new")
        guard rename(folder("bot.yaml.new"), file) == 0 else { throw TestError("cannot rename") }
    }

    /// Sends the processes a signal.
    func signal(_ number: Int32) { for process in processes { process.signal(number) } }

    /// What the processes have logged.
    var log: String { (try? text(ofFile: folder("log"))) ?? "" }

    /// The address of one account.
    func url(_ path: String = "/wechat/a") -> String { "http://127.0.0.1:\(nginx.port)\(path)" }

    /// The platform, for one account.
    func platform(
        _ path: String = "/wechat/a", credentials: Credentials? = nil, rule: DeliveryRule = DeliveryRule()
    ) throws -> SimulatedPlatform {
        SimulatedPlatform(
            credentials: try credentials ?? Credentials(token: Token(parsing: Self.token)),
            target: KeptTarget(server: self, target: HTTPTarget(url(path))), rule: rule)
    }

    /// The server is there for as long as a platform knows it.
    private struct KeptTarget: CallbackTarget {
        let server: RuledServer
        let target: HTTPTarget

        func exchange(
            _ request: CallbackRequest, patience: Duration
        ) async throws(DeliveryFault) -> CallbackAnswer {
            try await target.exchange(request, patience: patience)
        }
    }

    func user(_ openID: String = "oUser") throws -> SimulatedUser { try platform().user(openID) }
}

extension SimulatedUser {
    /// Sends a message, and says what the user then reads.
    func reads(_ message: SimulatedMessage) async -> ShownContent? {
        let before = seen.count
        await send(message)
        return seen.count > before ? seen.last : nil
    }

    func reads(_ text: String) async -> String? { await reads(.text(text))?.text }
}
