import Glibc
import TestSupport
import Testing

@Suite("Command line: its own socket")
struct SocketTests {
    @Test("a socket that nobody answers on any more is replaced")
    func staleSocket() throws {
        let folder = try TemporaryFolder()
        try Endpoint.unix(folder("s")).leaveStale()
        #expect(access(folder("s"), F_OK) == 0)
        #expect(!Endpoint.unix(folder("s")).answers)
        let server = try Server(in: folder)
        #expect(try server.verify(.single))
    }

    @Test("a socket that is answered on is left alone")
    func liveSocket() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let second = try run(
            [Program.path, "serve", "--listen", "\(server.endpoint)"], environment: programEnvironment(), within: 30)
        #expect(second.status != 0)
        #expect(!second.errors.isEmpty)
        #expect(try server.verify(.single))
    }

    @Test("a file that is no socket is left alone")
    func otherFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("precious", to: "s")
        let outcome = try run(
            [Program.path, "serve", "--listen", "unix:\(folder("s"))"], environment: programEnvironment(), within: 30)
        #expect(outcome.status != 0)
        #expect(try text(ofFile: folder("s")) == "precious")
    }

    @Test("a port that is taken is said to be")
    func takenPort() throws {
        let port = try Endpoint.freePort()
        let listener = try Endpoint.loopback(port: port).listen()
        defer { close(listener) }
        let outcome = try run(
            [Program.path, "serve", "--listen", "127.0.0.1:\(port)"], environment: programEnvironment(), within: 30)
        #expect(outcome.status != 0)
        #expect(outcome.errorText.contains("\(port)"))
    }

    @Test("the socket has the mode it is told to", arguments: [(nil, 0o660), ("0600", 0o600), ("0666", 0o666)])
    func mode(setting: String?, expected: mode_t) throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, setting.map { ["--socket-mode", $0] } ?? [])
        #expect(try status(ofSocketOf: server).st_mode & 0o777 == expected)
    }

    @Test("the socket has the group it is told to")
    func group() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, ["--socket-group", WebServer.group])
        let group = try #require(getgrnam(WebServer.group)).pointee.gr_gid
        #expect(try status(ofSocketOf: server).st_gid == group)
    }

    @Test("a folder that it may not write to is told of, with what to do")
    func folderOfOthers() throws {
        let folder = try TemporaryFolder()
        let closed = try folder.make(folder: "closed", mode: 0o555)
        let outcome = try run(
            unprivileged([Program.path, "serve", "--listen", "unix:\(closed)/s"]), environment: programEnvironment(),
            within: 30)
        #expect(outcome.status == 71)
        #expect(outcome.errorText.contains("install -d -o"), "\(outcome.errorText)")
    }

    @Test("a group that it may not give the socket to is told of, with what to do, and no socket stays")
    func groupOfOthers() throws {
        let folder = try TemporaryFolder()
        let open = try folder.make(folder: "open", mode: 0o777)
        let outcome = try run(
            unprivileged([Program.path, "serve", "--listen", "unix:\(open)/s", "--socket-group", "shadow"]),
            environment: programEnvironment(), within: 30)
        #expect(outcome.status == 71)
        #expect(outcome.errorText.contains("usermod -aG shadow"), "\(outcome.errorText)")
        #expect(access("\(open)/s", F_OK) != 0)
    }

    @Test("a port alone is this machine's, and nobody is warned of it")
    func portAlone() throws {
        let folder = try TemporaryFolder()
        let port = try Endpoint.freePort()
        let server = try Server(in: folder, listeningOn: ":\(port)", at: .loopback(port: port))
        #expect(try server.verify(.example))
        let log = try text(ofFile: folder("log"))
        #expect(log.contains("serving on 127.0.0.1:\(port)"))
        #expect(!log.contains("warning"))
    }

    @Test("who listens for other machines is warned that whoever connects is taken for a web server")
    func otherMachines() throws {
        let folder = try TemporaryFolder()
        let port = try Endpoint.freePort()
        let server = try Server(in: folder, listeningOn: "*:\(port)", at: .loopback(port: port))
        #expect(try server.verify(.example))
        let log = try text(ofFile: folder("log"))
        #expect(log.contains("warning") && log.contains("0.0.0.0:\(port)") && log.contains("firewall"), "\(log)")
    }

    /// A command as a user without rights runs it.
    private func unprivileged(_ command: [String]) throws -> [String] {
        guard geteuid() == 0 else { return command }
        return [try path(ofProgram: "setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"] + command
    }

    private func status(ofSocketOf server: Server) throws -> stat {
        guard case .unix(let path) = server.endpoint else { throw TestError("not a Unix socket") }
        var result = stat()
        #expect(stat(path, &result) == 0)
        return result
    }
}
