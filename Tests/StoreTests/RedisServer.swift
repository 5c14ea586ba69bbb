import Glibc
import RedisStore
import TestSupport

/// A Redis server of a test's own, on a Unix socket.
final class RedisServer: Sendable {
    let folder: TemporaryFolder
    let process: ChildProcess
    private let socket: String

    /// Starts a server.
    /// - Parameters:
    ///   - folder: Where its socket is; one of its own by default.
    ///   - options: More options, as in `redis.conf`, with two dashes.
    init(in folder: TemporaryFolder? = nil, _ options: [String] = []) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        socket = folder("redis.sock")
        process = try ChildProcess(
            ["redis-server", "--save", "", "--port", "0", "--unixsocket", socket, "--dir", folder.path] + options,
            log: folder("redis.log"))
        try process.waitUntilAnswering(.unix(socket))
    }

    var url: String { "redis+unix:\(socket)" }

    /// Its URL with a login and a database.
    func url(login: String = "", database: Int = 0) -> String { "redis+unix://\(login)\(socket)?db=\(database)" }

    /// A store on it, which waits for as long as a busy machine may hold it up.
    func store() throws -> RedisStore { try RedisStore(url: url, timeout: 30_000) }

    /// Runs commands, one a line.
    @discardableResult
    func cli(_ commands: String) throws -> String {
        try run(["redis-cli", "-s", socket], input: Array(commands.utf8)).text
    }
}
