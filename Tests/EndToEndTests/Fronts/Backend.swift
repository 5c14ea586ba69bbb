import Glibc
import TestSupport

/// A program that has its own socket, started in one of the ways people start it.
struct Backend: Sendable {
    enum Way { case spawnFCGI, unixSocket, port, portIPv6, socketActivation }

    let process: ChildProcess
    let endpoint: Endpoint

    /// Starts the program.
    /// - Parameters:
    ///   - way: How.
    ///   - folder: Where its socket and its log go.
    ///   - configuration: The path of the configuration file, where there is one.
    init(_ way: Way, in folder: TemporaryFolder, configuration: String?) throws {
        let socket = folder("wechat.sock")
        let log = folder("program.log")
        let own = programEnvironment(configuration.map { ["WECHAT_FCGI_CONFIG": $0] } ?? [:])
        switch way {
        case .spawnFCGI:
            endpoint = .unix(socket)
            process = try ChildProcess(
                [Checkout.deploy("spawn-fcgi/wechat-fcgi"), "-n"],
                environment: own.merging(["WECHAT_SOCKET": socket, "WECHAT_PROGRAM": Program.path]) { $1 }, log: log)
        case .unixSocket:
            endpoint = .unix(socket)
            process = try ChildProcess(
                [
                    Program.path, "serve", "--listen", "unix:\(socket)", "--socket-group", WebServer.group,
                ] + (configuration.map { ["--config", $0] } ?? []), environment: programEnvironment(), log: log)
        case .port:
            endpoint = .loopback(port: try Endpoint.freePort())
            process = try ChildProcess(
                [Program.path, "serve", "--listen", "\(endpoint)"], environment: own, log: log)
        case .portIPv6:
            endpoint = .loopbackIPv6(port: try Endpoint.freePort())
            process = try ChildProcess(
                [Program.path, "serve", "--listen", "\(endpoint)"], environment: own, log: log)
        case .socketActivation:
            endpoint = .unix(socket)
            process = try Self.startActivated(socket: socket, configuration: configuration, log: log)
        }
        if case .socketActivation = way { return }
        try process.waitUntilAnswering(endpoint)
    }

    /// Does what systemd does with the two units of deploy/systemd, as far as it goes without systemd.
    private static func startActivated(socket: String, configuration: String?, log: String) throws -> ChildProcess {
        let service = try Unit("wechat-fcgi.service")
        let socketUnit = try Unit("wechat-fcgi.socket")
        guard try service["ExecStart"].hasPrefix("/usr/bin/wechat-fcgi"),
            try socketUnit["ListenStream"] == "/run/wechat-fcgi/wechat.sock",
            let mode = try mode_t(socketUnit["SocketMode"], radix: 8)
        else { throw TestError("the units have changed under the tests") }
        let command = try service["ExecStart"].replacing("/usr/bin/wechat-fcgi", with: Program.path)
        // Without a file it is as with a unit from which an owner took that line.
        let environment = try service["Environment"]
            .replacing("/etc/wechat-fcgi/wechat-fcgi.yaml", with: configuration ?? "")

        let process = try ChildProcess(
            ["systemd-socket-activate", "-l", socket, "-E", environment]
                + command.split(separator: " ").map(String.init),
            environment: programEnvironment(), log: log)
        // It starts the program with the first connection: looking whether it answers would be one.
        let deadline = Deadline(seconds: 30)
        while access(socket, F_OK) != 0 {
            if let status = process.exitStatus { throw TestError("ended with \(status): \(process.logTail)") }
            if deadline.hasPassed { throw TestError("no socket: \(process.logTail)") }
            deadline.pause()
        }
        guard try run(["chgrp", WebServer.group, socket]).status == 0, chmod(socket, mode) == 0 else {
            throw TestError("the socket could not be given to the web server")
        }
        return process
    }
}

/// Whose rights the web servers have.
enum WebServer {
    /// Debian's, where the tests may become that; otherwise that of the tests.
    static let group: String = {
        guard geteuid() != 0 else { return "www-data" }
        return getgrgid(getegid()).map { String(cString: $0.pointee.gr_name) } ?? String(getegid())
    }()
}

/// A systemd unit of deploy/systemd.
struct Unit {
    private var values: [String: String] = [:]

    init(_ name: String) throws { try self.init(text: TestSupport.text(ofFile: Checkout.deploy("systemd/\(name)"))) }

    init(text: String) throws {
        for line in text.split(separator: "\n") {
            guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
            values[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
    }

    subscript(key: String) -> String {
        get throws {
            guard let value = values[key] else { throw TestError("the unit has no \(key)") }
            return value
        }
    }
}
