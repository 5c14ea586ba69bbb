import TestSupport

/// HAProxy with the file of deploy/haproxy.
struct HAProxyFront: RunningFront {
    private let folder: TemporaryFolder
    private let program: Backend?
    private let server: ChildProcess
    private let port: UInt16

    var backend: Endpoint? { program?.endpoint }
    var webServer: Endpoint? { .loopback(port: port) }

    /// Starts the program, and HAProxy in front of it.
    init(_ setup: Setup) throws {
        let folder = try TemporaryFolder()
        let program = try Backend(.unixSocket, in: folder, configuration: setup.configuration(in: folder))
        try self.init(setup, in: folder, program: program, socket: folder("wechat.sock"))
    }

    /// Starts HAProxy in front of what listens already.
    init(socket: String) throws {
        try self.init(.variables, in: TemporaryFolder(), program: nil, socket: socket)
    }

    private init(_ setup: Setup, in folder: TemporaryFolder, program: Backend?, socket: String) throws {
        _ = try path(ofProgram: "haproxy")
        self.folder = folder
        self.program = program
        port = try Endpoint.freePort()
        try folder.write(
            Checkout.deploy(
                "haproxy/wechat.cfg",
                edits: [
                    "/run/wechat-fcgi/wechat.sock": socket,
                    Self.example: Self.accounts(setup, example: Self.example),
                ]),
            to: "wechat.cfg")
        // The one line is what the file says that a frontend needs.
        try folder.write(
            """
            defaults
                mode http
                timeout client 30s
            frontend clients
                bind 127.0.0.1:\(port)
                \(Self.line(after: "haproxy.cfg:\n#\n#"))

            """, to: "haproxy.cfg")
        server = try ChildProcess(
            ["haproxy", "-db", "-f", folder("haproxy.cfg"), "-f", folder("wechat.cfg")],
            environment: programEnvironment(), log: folder("haproxy.log"))
        try server.waitUntilAnswering(.loopback(port: port))
    }

    func answer(to request: HTTPRequest) throws -> HTTPResponse {
        try request.send(to: .loopback(port: port))
    }

    /// The lines of the one account that the file has.
    private static let example = "    set-param WECHAT_TOKEN YourToken if { path /wechat }\n"

    /// Those of the accounts of a setup.
    private static func accounts(_ setup: Setup, example: String) -> String {
        switch setup {
        case .variables, .exampleFile: break
        case .file, .exampleRules: return ""
        }
        let account = Account.variables
        let variables = [
            "WECHAT_TOKEN": account.token, "WECHAT_APP_ID": account.appID, "WECHAT_AES_KEY": account.key ?? "",
            "WECHAT_ENCRYPTION": "secure",
        ]
        return example + variables.map { "    set-param \($0.key) \($0.value) if { path \(account.path) }\n" }.joined()
    }

    private static func line(after text: String) throws -> String {
        let file = try TestSupport.text(ofFile: Checkout.deploy("haproxy/wechat.cfg"))
        guard let line = file.split(separator: text, maxSplits: 1).last?.split(separator: "\n").first else {
            throw TestError("deploy/haproxy/wechat.cfg has changed under the tests")
        }
        return String(line)
    }
}
