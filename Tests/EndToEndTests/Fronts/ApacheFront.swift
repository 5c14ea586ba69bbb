import Glibc
import TestSupport

/// Apache with a file of deploy/apache, which it includes from where it is; paths are set through the variables that the
/// file offers.
struct ApacheFront: RunningFront {
    enum Way { case proxyFCGI, fcgid, cgi }

    private let folder: TemporaryFolder
    private let program: Backend?
    private let server: ChildProcess
    private let port: UInt16

    var backend: Endpoint? { program?.endpoint }
    var webServer: Endpoint? { .loopback(port: port) }

    init(_ setup: Setup, _ way: Way) throws {
        _ = try path(ofProgram: "apache2")
        folder = try TemporaryFolder()
        port = try Endpoint.freePort()
        let configuration = try setup.configuration(in: folder)

        let modules: [String]
        let own: String
        switch way {
        case .proxyFCGI:
            let backend = try Backend(.unixSocket, in: folder, configuration: configuration)
            guard case .unix(let socket) = backend.endpoint else { throw TestError("not a Unix socket") }
            program = backend
            modules = ["mpm_event", "proxy", "proxy_fcgi"]
            own = """
                Define WECHAT_BACKEND unix:\(socket)|fcgi://wechat-fcgi
                Include "\(Checkout.deploy("apache/proxy_fcgi.conf"))"
                """
        case .fcgid:
            program = nil
            modules = ["mpm_event", "fcgid"]
            try folder.make(folder: "fcgid", mode: 0o777)
            own = """
                FcgidIPCDir \(folder("fcgid"))
                FcgidProcessTableFile \(folder("fcgid/shm"))
                Define WECHAT_PROGRAM \(Program.path)
                Include "\(Checkout.deploy("apache/fcgid.conf"))"
                \(configuration.map { "FcgidInitialEnv WECHAT_FCGI_CONFIG \($0)" } ?? "")
                """
        case .cgi:
            program = nil
            // With another way of working than the threaded ones, Debian's Apache has mod_cgi in the place of mod_cgid.
            modules = ["mpm_prefork", "alias", "cgi"]
            own = """
                Define WECHAT_PROGRAM \(Program.path)
                Include "\(Checkout.deploy("apache/cgi.conf"))"
                \(configuration.map { "SetEnv WECHAT_FCGI_CONFIG \($0)" } ?? "")
                """
        }
        try folder.write(Self.accountWithVariables(), to: "variables.conf")
        let accounts =
            switch setup {
            case .variables, .exampleFile:
                "Include \"\(Checkout.deploy("apache/account.conf"))\"\nInclude variables.conf"
            case .file, .exampleRules: ""
            }
        server = try Self.start(in: folder, port: port, modules: modules, "\(own)\n\(accounts)")
    }

    /// Starts Apache with another program, as a CGI program for one account.
    init(program path: String, environment: [String: String]) throws {
        _ = try TestSupport.path(ofProgram: "apache2")
        folder = try TemporaryFolder()
        port = try Endpoint.freePort()
        program = nil
        server = try Self.start(
            in: folder, port: port, modules: ["mpm_prefork", "alias", "cgi"],
            """
            Define WECHAT_PROGRAM \(path)
            Include "\(Checkout.deploy("apache/cgi.conf"))"
            \(environment.map { "SetEnv \($0.key) \"\($0.value)\"" }.joined(separator: "\n"))
            Include "\(Checkout.deploy("apache/account.conf"))"
            """)
    }

    /// What Apache, and what it starts, has logged.
    var log: String { (try? text(ofFile: folder("apache.log"))) ?? "" }

    private static func start(
        in folder: TemporaryFolder, port: UInt16, modules: [String], _ own: String
    ) throws -> ChildProcess {
        try folder.make(folder: "www")
        try folder.write(
            """
            ServerRoot \(folder.path)
            DefaultRuntimeDir \(folder.path)
            PidFile \(folder("apache.pid"))
            Mutex file:\(folder.path) default
            ServerName localhost
            Listen 127.0.0.1:\(port)
            ErrorLog \(folder("apache.log"))
            DocumentRoot \(folder("www"))
            \(geteuid() == 0 ? "User www-data\nGroup www-data" : "")
            \(try load(modules + ["authz_core", "env"]))
            \(own)
            """, to: "apache.conf")
        let server = try ChildProcess(
            ["apache2", "-d", folder.path, "-f", folder("apache.conf"), "-DFOREGROUND"],
            environment: programEnvironment(), log: folder("apache.log"))
        try server.waitUntilAnswering(.loopback(port: port))
        return server
    }

    func answer(to request: HTTPRequest) throws -> HTTPResponse {
        try request.send(to: .loopback(port: port))
    }

    /// The block for one account with an owner's values in it, on a path of its own.
    private static func accountWithVariables() throws -> String {
        let account = Account.variables
        return try Checkout.deploy(
            "apache/account.conf",
            edits: [
                "^/wechat$": "^\(account.path)$", "#SetEnv": "SetEnv", "YourToken": account.token,
                "YourAppID": account.appID, "YourEncodingAESKey": account.key ?? "",
            ])
    }

    private static func load(_ modules: [String]) throws -> String {
        try modules.map { module in
            let file = "/usr/lib/apache2/modules/mod_\(module).so"
            guard access(file, R_OK) == 0 else {
                throw TestError("\(file) is not installed: run deploy/test, which installs what the tests need")
            }
            return "LoadModule \(module)_module \(file)"
        }.joined(separator: "\n")
    }
}
