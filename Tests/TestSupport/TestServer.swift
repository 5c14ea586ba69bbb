package import FastCGI
import Synchronization

/// A server in the test's own process, on a Unix socket of its own.
package final class TestServer: Sendable {
    package let path: String
    package let server: Server
    private let folder: TemporaryFolder
    private let task: Task<Void, any Error>
    private let log: EventLog

    package init(workers: Int = 2, limits: Limits = Limits(), handler: @escaping Handler) throws {
        folder = try TemporaryFolder()
        path = folder.file("server.sock")
        let log = EventLog()
        self.log = log
        let server = Server(
            listener: try Listener.open(.unix(path)), workers: workers, limits: limits, observe: { log.add($0) },
            handler: handler)
        self.server = server
        task = Task { try await server.run() }
    }

    deinit { server.stop() }

    package func connect() throws -> RawConnection { try RawConnection(unix: path) }

    /// Stops the server and waits until it has ended.
    package func stop() async throws {
        server.stop()
        try await task.value
    }

    /// Waits until the server has ended.
    package func ended() async throws { try await task.value }

    /// What the server has reported so far.
    package var events: [ServerEvent] { log.all }

    /// Waits for a report.
    package func reports(_ event: ServerEvent) async -> Bool { await eventually { self.events.contains(event) } }
}

/// Unchecked: guarded by an atomic flag that a reporter holds for a moment.
private final class EventLog: @unchecked Sendable {
    private let isBusy = Atomic<Bool>(false)
    private var events: [ServerEvent] = []

    func add(_ event: ServerEvent) { withFlag { events.append(event) } }
    var all: [ServerEvent] { withFlag { events } }

    private func withFlag<Value>(_ body: () -> Value) -> Value {
        while !isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged {}
        defer { isBusy.store(false, ordering: .releasing) }
        return body()
    }
}
