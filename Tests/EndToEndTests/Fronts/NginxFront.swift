import Glibc
import TestSupport

/// nginx with the files of deploy/nginx. The location blocks are included from where they are; in the upstream the
/// socket's path is another, and one block is there a second time with an owner's values in it.
struct NginxFront: RunningFront {
    private let folder: TemporaryFolder
    private let program: Backend
    private let server: ChildProcess
    private let port: UInt16

    var backend: Endpoint? { program.endpoint }

    init(backend way: Backend.Way) throws {
        _ = try path(ofProgram: "nginx")
        folder = try TemporaryFolder()
        program = try Backend(
            way, in: folder, configuration: folder.write(Account.configuration, to: "wechat-fcgi.yaml"))
        port = try Endpoint.freePort()

        let socket =
            if case .unix(let path) = program.endpoint { "unix:\(path)" } else { "\(program.endpoint)" }
        try folder.write(
            Checkout.deploy("nginx/upstream.conf", edits: ["unix:/run/wechat-fcgi/wechat.sock": socket]),
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
        try folder.write(try text(ofFile: "/etc/nginx/fastcgi_params"), to: "fastcgi_params")
        try folder.write(
            """
            \(geteuid() == 0 ? "user www-data;" : "")
            daemon off;
            worker_processes 2;
            pid \(folder("nginx.pid"));
            error_log stderr warn;
            events { }
            http {
                access_log off;
                client_body_temp_path \(folder("body"));
                fastcgi_temp_path \(folder("fastcgi"));
                proxy_temp_path \(folder("proxy"));
                uwsgi_temp_path \(folder("uwsgi"));
                scgi_temp_path \(folder("scgi"));
                include upstream.conf;
                server {
                    listen 127.0.0.1:\(port);
                    include "\(Checkout.deploy("nginx/wechat.conf"))";
                    include "\(Checkout.deploy("nginx/wechat-accounts.conf"))";
                    include variables.conf;
                }
            }
            """, to: "nginx.conf")
        server = try ChildProcess(
            ["nginx", "-p", "\(folder.path)/", "-c", folder("nginx.conf"), "-e", "stderr"], log: folder("nginx.log"))
        try server.waitUntilAnswering(.loopback(port: port))
    }

    func answer(to request: HTTPRequest) throws -> HTTPResponse {
        try request.send(to: .loopback(port: port))
    }
}
