import Glibc
import TestSupport

/// nginx with the files of deploy/nginx. The location blocks are included from where they are; in the upstream the
/// socket's path is another, and one block is there a second time with an owner's values in it.
struct NginxFront: RunningFront {
    private let folder: TemporaryFolder
    private let program: Backend?
    private let server: ChildProcess
    private let port: UInt16

    var backend: Endpoint? { program?.endpoint }
    var webServer: Endpoint? { .loopback(port: port) }

    /// Starts the program, and nginx in front of it.
    init(_ setup: Setup, backend way: Backend.Way) throws {
        _ = try path(ofProgram: "nginx")
        let folder = try TemporaryFolder()
        let program = try Backend(way, in: folder, configuration: setup.configuration(in: folder))
        try self.init(setup, in: folder, program: program, endpoint: program.endpoint)
    }

    /// Starts nginx in front of what listens already.
    init(endpoint: Endpoint) throws {
        try self.init(.variables, in: TemporaryFolder(), program: nil, endpoint: endpoint)
    }

    private init(_ setup: Setup, in folder: TemporaryFolder, program: Backend?, endpoint: Endpoint) throws {
        self.folder = folder
        self.program = program
        port = try Endpoint.freePort()

        try folder.write(
            Checkout.deploy("nginx/upstream.conf", edits: ["unix:/run/wechat-fcgi/wechat.sock": "\(endpoint)"]),
            to: "upstream.conf")
        let account = Account.variables
        try folder.write(
            Checkout.deploy(
                "nginx/wechat.conf",
                edits: [
                    "location = /wechat": "location = \(account.path)", "#fastcgi_param": "fastcgi_param",
                    "YourToken": account.token, "YourAppID": account.appID, "YourEncodingAESKey": account.key ?? "",
                ]),
            to: "variables.conf")
        let locations =
            switch setup {
            case .variables, .exampleFile:
                "include \"\(Checkout.deploy("nginx/wechat.conf"))\"; include variables.conf;"
            case .file: "include \"\(Checkout.deploy("nginx/wechat-accounts.conf"))\";"
            }
        server = try Self.start(in: folder, port: port, upstreams: "include upstream.conf;", locations: locations)
    }

    /// Starts nginx.
    /// - Parameters:
    ///   - folder: Where its files are.
    ///   - port: Where it listens.
    ///   - upstreams: What it connects to, as it stands in `http`.
    ///   - locations: What it answers, as it stands in `server`.
    static func start(
        in folder: TemporaryFolder, port: UInt16, upstreams: String, locations: String
    ) throws -> ChildProcess {
        try folder.write(try text(ofFile: "/etc/nginx/fastcgi_params"), to: "fastcgi_params")
        try folder.write(
            """
            \(geteuid() == 0 ? "user www-data;" : "")
            daemon off;
            worker_processes 2;
            pid \(folder("nginx.pid"));
            error_log stderr warn;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_body_temp_path \(folder("body"));
                fastcgi_temp_path \(folder("fastcgi"));
                proxy_temp_path \(folder("proxy"));
                uwsgi_temp_path \(folder("uwsgi"));
                scgi_temp_path \(folder("scgi"));
                \(upstreams)
                server {
                    listen 127.0.0.1:\(port) backlog=4096;
                    \(locations)
                }
            }
            """, to: "nginx.conf")
        let server = try ChildProcess(
            ["nginx", "-p", "\(folder.path)/", "-c", folder("nginx.conf"), "-e", "stderr"], log: folder("nginx.log"))
        try server.waitUntilAnswering(.loopback(port: port))
        return server
    }

    func answer(to request: HTTPRequest) throws -> HTTPResponse {
        try request.send(to: .loopback(port: port))
    }
}
