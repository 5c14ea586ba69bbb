import Glibc
import TestSupport

/// A Redis server of a test's own, which keeps nothing on disk.
final class RedisServer: Sendable {
    private let folder: TemporaryFolder
    private let password: String?
    let port: UInt16

    init(password: String? = nil) throws {
        _ = try path(ofProgram: "redis-server")
        folder = try TemporaryFolder()
        self.password = password
        port = try Endpoint.freePort()
    }

    /// Starts the server; it is empty, also where it ran before.
    func start() throws -> ChildProcess {
        let process = try ChildProcess(
            [
                "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--dir", folder.path,
            ] + (password.map { ["--requirepass", $0] } ?? []), log: folder("redis.log"))
        try process.waitUntilAnswering(.loopback(port: port))
        return process
    }

    /// The setting `store` for one of the server's 16 databases.
    func store(database: Int = 0) -> String { "redis://127.0.0.1:\(port)/\(database)" }
}
