internal import CFastCGI
internal import Glibc
internal import Synchronization

/// A process whose purpose is one server: it follows the signals that operators and service managers send.
public enum ServerProcess {
    /// Runs a server until the process is told to end.
    ///
    /// - SIGTERM and SIGINT stop it gracefully (``Server/stop()``); a second one ends the process at once.
    /// - SIGHUP calls `reload`.
    /// - SIGUSR2 starts the program anew on the same listener, found by the name this process was started with, with the
    ///   same arguments. When that process serves, this one stops gracefully; if it does not get that far, this one goes
    ///   on. The new process must call ``Launch/current()`` and run its server here too.
    ///
    /// The limit of descriptors is raised to what the process may have. A service manager is told by sd_notify(3) when
    /// the server is ready, reloads, stops, or goes on in another process.
    /// - Parameters:
    ///   - server: The server.
    ///   - reload: Reads the configuration again. It is called on a thread of its own and may wait; calls never
    ///     overlap.
    /// - Throws: ``ServerError``, as ``Server/run()`` does.
    public static func run(
        _ server: Server, reload: @escaping @Sendable () -> Void = {}
    ) async throws(ServerError) {
        DescriptorLimit.raise()
        let pipe = try SignalPipe()
        let tasks = SignalTasks(server: server, reload: reload)
        try await server.run(
            signals: (descriptor: pipe.descriptor, handle: { pipe.received().forEach(tasks.handle) }),
            isReady: {
                Takeover.sayReady()
                ServiceManager.notify(.ready)
            })
        // A replacement has told the manager already that the service goes on.
        if !tasks.isReplaced { ServiceManager.notify(.stopping) }
    }
}

/// What each signal has to have done.
private final class SignalTasks: Sendable {
    private let server: Server
    private let reload: @Sendable () -> Void
    private let reloading = Lock()
    private let isReplacing = Atomic<Bool>(false)
    private let replaced = Atomic<Bool>(false)

    init(server: Server, reload: @escaping @Sendable () -> Void) {
        self.server = server
        self.reload = reload
    }

    var isReplaced: Bool { replaced.load(ordering: .acquiring) }

    func handle(_ signal: Int32) {
        switch signal {
        case SIGTERM, SIGINT:
            ServiceManager.notify(.stopping)
            server.stop()
        case SIGHUP: start { $0.reloadNow() }
        case SIGUSR2: start { $0.replace() }
        default: break
        }
    }

    private func start(_ body: @escaping @Sendable (SignalTasks) -> Void) {
        let error = BackgroundThread.start { body(self) }
        if error != 0 { server.observer(.systemError(operation: "pthread_create", errno: error)) }
    }

    private func reloadNow() {
        reloading.withLock {
            ServiceManager.notify(.reloading)
            reload()
            ServiceManager.notify(.ready)
        }
    }

    private func replace() {
        guard isReplacing.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        else { return }
        do throws(Replacement.Failure) {
            let pid = try Replacement.start(listener: server.socket)
            replaced.store(true, ordering: .releasing)
            ServiceManager.notify(.mainProcess(pid))
            server.observer(.replaced(pid: pid))
            server.handOver()
        } catch {
            let reason =
                switch error {
                case .spawn(let number): "the program could not be started: \(SystemError.text(number))"
                case .notReady: "it ended, or did not get ready in time"
                }
            server.observer(.replacementFailed(reason))
            isReplacing.store(false, ordering: .releasing)
        }
    }
}
