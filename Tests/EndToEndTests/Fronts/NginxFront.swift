import TestSupport

/// nginx with the files of deploy/nginx. The location blocks are included from where they are; in the upstream the
/// socket's path is another, and one block is there a second time with an owner's values in it.
struct NginxFront: RunningFront {
    private let program: Backend?
    private let server: Nginx

    var backend: Endpoint? { program?.endpoint }
    var webServer: Endpoint? { .loopback(port: server.port) }

    /// Starts the program, and nginx in front of it.
    init(_ setup: Setup, backend way: Backend.Way) throws {
        let folder = try TemporaryFolder()
        let program = try Backend(way, in: folder, configuration: setup.configuration(in: folder))
        try self.init(setup, in: folder, program: program, endpoint: program.endpoint, second: nil)
    }

    /// Starts nginx in front of what listens already.
    /// - Parameter second: The other address, where there are two.
    init(endpoint: Endpoint, second: Endpoint? = nil) throws {
        try self.init(.variables, in: TemporaryFolder(), program: nil, endpoint: endpoint, second: second)
    }

    private init(
        _ setup: Setup, in folder: TemporaryFolder, program: Backend?, endpoint: Endpoint, second: Endpoint?
    ) throws {
        self.program = program
        try folder.write(Self.upstream(endpoint, second), to: "upstream.conf")
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
            case .file, .exampleRules: "include \"\(Checkout.deploy("nginx/wechat-accounts.conf"))\";"
            }
        server = try Nginx(in: folder, http: "include upstream.conf;", server: locations)
    }

    /// The upstream with other addresses in its two lines.
    private static func upstream(_ first: Endpoint, _ second: Endpoint?) throws -> String {
        try Checkout.deploy(
            "nginx/upstream.conf",
            edits: [
                "unix:/run/wechat-fcgi/wechat.sock": "\(first)",
                "unix:/run/wechat-fcgi/./wechat.sock": "\(second?.description ?? first.writtenDifferently)",
                // With a socket each, neither is only there for when the other fails.
                " backup;": second == nil ? " backup;" : ";",
            ])
    }

    func answer(to request: HTTPRequest) throws -> HTTPResponse {
        try request.send(to: .loopback(port: server.port))
    }

    /// The same without holding a thread, for many at once.
    func answerSoon(to request: HTTPRequest) async throws -> HTTPResponse { try await server.answer(to: request) }
}

extension Endpoint {
    /// The same address in other words, as deploy/nginx/upstream.conf wants it.
    var writtenDifferently: String {
        switch self {
        case .unix(let path): "unix:/.\(path)"
        case .loopback(let port): "[::ffff:127.0.0.1]:\(port)"
        // There is no other way to write this one; it will do where one process listens.
        case .loopbackIPv6: description
        }
    }
}
