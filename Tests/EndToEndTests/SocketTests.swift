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

    private func status(ofSocketOf server: Server) throws -> stat {
        guard case .unix(let path) = server.endpoint else { throw TestError("not a Unix socket") }
        var result = stat()
        #expect(stat(path, &result) == 0)
        return result
    }
}
