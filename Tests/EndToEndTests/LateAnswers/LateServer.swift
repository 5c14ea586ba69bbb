import Glibc
import OfficialAccount
import PlatformSimulator
import Synchronization
import TestSupport

/// Processes of the bot that takes its time, all on one socket, which stays when they go.
final class LateServer: Sendable {
    /// One run of a handler.
    struct Run: Sendable, Equatable {
        var account: String
        var sender: String
        /// The message's number; of an event, its name and time.
        var message: String
        var attempt: Int
        var pid: pid_t
    }

    static let appID = "wx0123456789abcdef"
    static let appSecret = "0123456789abcdef0123456789abcdef"

    /// How it is called in paths: letters, digits and `_`.
    let name: String
    /// The names of its accounts, which are parts of their paths too.
    let accounts: [String]
    let api: SimulatedAPI?
    let socket: Endpoint

    private let folder: TemporaryFolder
    private let listener: Int32
    private let environment: [String: String]
    private let processes = Mutex<[ChildProcess]>([])

    /// Makes the socket and starts processes on it.
    /// - Parameters:
    ///   - name: How it is called in paths.
    ///   - store: The setting `store`; `sqlite` is a file of its own.
    ///   - late: The setting `late`.
    ///   - count: How many processes.
    ///   - settings: Other settings, by name.
    ///   - accounts: The names of its accounts.
    ///   - api: Where calls to the platform go.
    ///   - knowsAccount: Whether its processes know the account before a request of it comes.
    ///   - variables: More of its environment.
    init(
        _ name: String, store: String, late: String = "collect", processes count: Int = 1,
        settings: [String: String] = [:], accounts: [String] = ["a"], api: SimulatedAPI? = nil,
        knowsAccount: Bool = false, variables: [String: String] = [:]
    ) throws {
        self.name = name
        self.accounts = accounts
        self.api = api
        folder = try TemporaryFolder()
        socket = .unix(folder("s"))
        listener = try socket.listen()
        // A burst of messages must find room before a process accepts it.
        Glibc.listen(listener, 4096)
        chmod(folder("s"), 0o666)
        var settings = settings
        settings["store"] = store == "sqlite" ? "sqlite:\(folder("store.sqlite"))" : store
        settings["late"] = late
        settings["api_base"] = api?.baseURL
        var environment = variables
        environment["LATE_BOT_RUNS"] = folder("runs")
        for (name, value) in settings { environment["WECHAT_FCGI_\(name.uppercased())"] = value }
        if knowsAccount {
            environment["WECHAT_TOKEN"] = "\(name)Token\(accounts[0])"
            environment["WECHAT_APP_ID"] = Self.appID
            environment["WECHAT_APP_SECRET"] = Self.appSecret
        }
        self.environment = programEnvironment(environment)
        for _ in 0..<count { try start() }
        try waitUntilServing(count, log: folder("log"))
    }

    deinit {
        for process in all { process.signal(SIGTERM) }
        close(listener)
    }

    /// Starts one more process.
    @discardableResult
    func start() throws -> ChildProcess {
        let process = try ChildProcess(
            [LateServer.program], environment: environment, input: listener, log: folder("log"))
        processes.withLock { $0.append(process) }
        return process
    }

    /// The processes, in the order in which they were started, also those that have ended.
    var all: [ChildProcess] { processes.withLock { $0 } }

    /// The process of an id.
    func process(_ pid: pid_t) throws -> ChildProcess {
        guard let process = all.first(where: { $0.pid == pid }) else { throw TestError("no process \(pid)") }
        return process
    }

    /// All runs of handlers, in order.
    var runs: [Run] {
        let lines = ((try? text(ofFile: folder("runs"))) ?? "").split(separator: "\n")
        return lines.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 5, let attempt = Int(words[3]), let pid = pid_t(words[4]) else { return nil }
            return Run(account: words[0], sender: words[1], message: words[2], attempt: attempt, pid: pid)
        }
    }

    /// The runs for one sender's messages.
    func runs(for openID: String) -> [Run] { runs.filter { $0.sender == openID } }

    /// Waits for a run.
    func run(for openID: String, number: Int = 1) async throws -> Run {
        guard await eventually({ self.runs(for: openID).count >= number }) else {
            throw TestError("no run \(number) for \(openID): \(log)")
        }
        return runs(for: openID)[number - 1]
    }

    /// What the processes have logged.
    var log: String { (try? text(ofFile: folder("log"))) ?? "" }

    /// The Token of an account.
    func token(_ account: String) -> String { "\(name)Token\(account)".replacing("_", with: "") }

    /// What nginx connects to.
    func upstream() throws -> String {
        try Checkout.deploy(
            "nginx/upstream.conf",
            edits: [
                "upstream wechat_fcgi": "upstream \(name)", "unix:/run/wechat-fcgi/wechat.sock": "\(socket)",
                "unix:/run/wechat-fcgi/./wechat.sock": socket.writtenDifferently,
            ])
    }

    /// What nginx answers.
    func locations() throws -> String {
        try accounts.map { account in
            let id = "fastcgi_param WECHAT_APP_ID \(Self.appID); fastcgi_param WECHAT_APP_SECRET \(Self.appSecret);"
            return try Checkout.deploy(
                "nginx/wechat.conf",
                edits: [
                    "location = /wechat": "location = /\(name)/\(account)", "YourToken": token(account),
                    "fastcgi_pass wechat_fcgi": "fastcgi_pass \(name)",
                    "#fastcgi_param WECHAT_APP_ID YourAppID;": api == nil ? "" : id,
                ])
        }.joined(separator: "\n")
    }

    /// The platform, for one of its accounts.
    /// - Parameters:
    ///   - port: The port of the nginx that has its ``locations()``.
    ///   - account: The account's name.
    ///   - rule: How the platform delivers.
    func platform(
        port: UInt16, account: String = "a", rule: DeliveryRule = DeliveryRule()
    ) throws -> SimulatedPlatform {
        let token = try Token(parsing: token(account))
        let credentials =
            api == nil
            ? Credentials(token: token)
            : try Credentials(
                token: token, appID: AppID(parsing: Self.appID), appSecret: AppSecret(parsing: Self.appSecret))
        return SimulatedPlatform(
            credentials: credentials, target: HTTPTarget("http://127.0.0.1:\(port)/\(name)/\(account)"), rule: rule,
            api: api)
    }

    /// A simulated interface for calls to the platform, for the account that servers have.
    static func api() async throws -> SimulatedAPI {
        try await .start(appID: AppID(parsing: appID), appSecret: AppSecret(parsing: appSecret))
    }

    private static var program: String { "\(PipedProcess.productsFolder)/LateBot" }
}

/// nginx in front of servers, with the files of deploy/nginx.
final class LateFront: Sendable {
    private let server: Nginx

    init(_ servers: [LateServer]) throws {
        server = try Nginx(
            in: TemporaryFolder(), http: servers.map { try $0.upstream() }.joined(separator: "\n"),
            server: servers.map { try $0.locations() }.joined(separator: "\n"))
    }

    /// The platform, for one account of a server.
    func platform(
        _ server: LateServer, account: String = "a", rule: DeliveryRule = DeliveryRule()
    ) throws -> SimulatedPlatform {
        try server.platform(port: self.server.port, account: account, rule: rule)
    }

    /// What nginx has logged.
    var log: String { server.log }
}
