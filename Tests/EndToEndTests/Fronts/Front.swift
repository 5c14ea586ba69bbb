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
    case bareCGI = "a bare CGI call"

    var testDescription: String { rawValue }

    /// Sends a request this way and returns the answer.
    func answer(to request: HTTPRequest) async throws -> HTTPResponse {
        try await RunningFronts.shared.running(self).answer(to: request)
    }

    /// Where the program's own socket is, on the way in front of which nothing of the web server need be passed.
    func backend() async throws -> Endpoint? {
        try await RunningFronts.shared.running(self).backend
    }

    fileprivate func start() throws -> any RunningFront {
        switch self {
        case .nginxWithSpawnFCGI: try NginxFront(backend: .spawnFCGI)
        case .nginxWithUnixSocket: try NginxFront(backend: .unixSocket)
        case .nginxWithPort: try NginxFront(backend: .port)
        case .nginxWithPortIPv6: try NginxFront(backend: .portIPv6)
        case .nginxWithSocketActivation: try NginxFront(backend: .socketActivation)
        case .apacheProxyFCGI: try ApacheFront(.proxyFCGI)
        case .apacheFcgid: try ApacheFront(.fcgid)
        case .apacheCGI: try ApacheFront(.cgi)
        case .bareCGI: try BareCGIFront()
        }
    }
}

/// A front that has been started.
protocol RunningFront: Sendable {
    /// The program's FastCGI socket, where there is one.
    var backend: Endpoint? { get }
    func answer(to request: HTTPRequest) throws -> HTTPResponse
}

extension RunningFront {
    var backend: Endpoint? { nil }
}

/// Each front is started once, by the first test that asks for it, and stopped when the test process ends.
private actor RunningFronts {
    static let shared = RunningFronts()
    private var running: [Front: Result<any RunningFront, any Error>] = [:]

    func running(_ front: Front) throws -> any RunningFront {
        let result = running[front] ?? Result { try front.start() }
        running[front] = result
        return try result.get()
    }
}

/// Settings that a test's program must not pick up from whoever runs the tests.
func programEnvironment(_ own: [String: String] = [:]) -> [String: String] {
    currentEnvironment().filter { !$0.key.hasPrefix("WECHAT_") }.merging(own) { $1 }
}
