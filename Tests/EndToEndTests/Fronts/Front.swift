import TestSupport
import Testing

/// A way in which requests reach the program.
enum Front: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case nginxWithSpawnFCGI = "nginx + spawn-fcgi"
    case nginxWithUnixSocket = "nginx + its own Unix socket"
    case nginxWithPort = "nginx + its own port"
    case nginxWithPortIPv6 = "nginx + its own IPv6 port"
    case nginxWithSocketActivation = "nginx + socket activation"
    case apacheProxyFCGI = "Apache mod_proxy_fcgi"
    case apacheFcgid = "Apache mod_fcgid"
    case apacheCGI = "Apache mod_cgi"
    case haproxy = "HAProxy"
    case bareCGI = "a bare CGI call"

    var testDescription: String { rawValue }

    /// Sends a request this way and returns the answer.
    /// - Parameter setup: Where the account is set up; by default where the one of the request's path is.
    func answer(to request: HTTPRequest, setup: Setup? = nil) async throws -> HTTPResponse {
        let setup = setup ?? Setup(path: request.path)
        return try await RunningFronts.shared.running(StartedWay(front: self, setup: setup)).answer(to: request)
    }

    /// Where the web server listens that a request goes to this way, where there is one.
    func webServer(for request: HTTPRequest) async throws -> Endpoint? {
        let setup = Setup(path: request.path)
        return try await RunningFronts.shared.running(StartedWay(front: self, setup: setup)).webServer
    }

    /// The program's own FastCGI socket, where there is one; its accounts are those of the configuration file.
    func backend() async throws -> Endpoint? {
        try await RunningFronts.shared.running(StartedWay(front: self, setup: .file)).backend
    }
}

/// Where the accounts of a front are set up.
enum Setup: Sendable {
    /// In the web server's variables, and there is no configuration file.
    case variables
    /// In the configuration file, and the web server says nothing of any.
    case file
    /// In the web server's variables, and the configuration file is the example in deploy/ as it is.
    case exampleFile
    /// In the configuration file, which is the first of the examples of rules, and the web server says nothing of it.
    case exampleRules

    init(path: String) {
        self = [Account.single.path, Account.variables.path].contains(path) ? .variables : .file
    }

    /// Writes the configuration file, where there is one, and returns its path.
    func configuration(in folder: TemporaryFolder) throws -> String? {
        switch self {
        case .variables: nil
        case .file: try folder.write(Account.configuration, to: "wechat-fcgi.yaml")
        case .exampleFile: Checkout.deploy("config/wechat-fcgi.yaml")
        case .exampleRules:
            try folder.write(
                Checkout.deploy("config/examples/echo.yaml", edits: ["${WECHAT_TOKEN}": Account.example.token]),
                to: "wechat-fcgi.yaml")
        }
    }
}

private struct StartedWay: Hashable {
    var front: Front
    var setup: Setup

    func start() throws -> any RunningFront {
        switch front {
        case .nginxWithSpawnFCGI: try NginxFront(setup, backend: .spawnFCGI)
        case .nginxWithUnixSocket: try NginxFront(setup, backend: .unixSocket)
        case .nginxWithPort: try NginxFront(setup, backend: .port)
        case .nginxWithPortIPv6: try NginxFront(setup, backend: .portIPv6)
        case .nginxWithSocketActivation: try NginxFront(setup, backend: .socketActivation)
        case .apacheProxyFCGI: try ApacheFront(setup, .proxyFCGI)
        case .apacheFcgid: try ApacheFront(setup, .fcgid)
        case .apacheCGI: try ApacheFront(setup, .cgi)
        case .haproxy: try HAProxyFront(setup)
        case .bareCGI: try BareCGIFront(setup)
        }
    }
}

/// A front that has been started.
protocol RunningFront: Sendable {
    /// The program's FastCGI socket, where there is one.
    var backend: Endpoint? { get }
    /// The web server's own socket, where there is one.
    var webServer: Endpoint? { get }
    func answer(to request: HTTPRequest) throws -> HTTPResponse
}

extension RunningFront {
    var backend: Endpoint? { nil }
    var webServer: Endpoint? { nil }
}

/// Each front is started once for each setup, by the first test that asks for it, and stopped when the test process ends.
private actor RunningFronts {
    static let shared = RunningFronts()
    private var running: [StartedWay: Result<any RunningFront, any Error>] = [:]

    func running(_ way: StartedWay) throws -> any RunningFront {
        let result = running[way] ?? Result { try way.start() }
        running[way] = result
        return try result.get()
    }
}

/// Settings that a test's program must not pick up from whoever runs the tests.
func programEnvironment(_ own: [String: String] = [:]) -> [String: String] {
    currentEnvironment().filter { !$0.key.hasPrefix("WECHAT_") }.merging(own) { $1 }
}
