internal import FastCGI
internal import Glibc
internal import OfficialAccountBot

/// The status of this process and of those that share its folder: what is counted, kept, and shown.
final class StatusService: Sendable {
    let counting: Counting
    private let shared: SharedCounts?
    private let settings: ServerSettings
    private let version: String
    private let started = SystemClock.seconds
    /// What only those know who serve.
    private let sources = Locked(Sources())

    private struct Sources: Sendable {
        var handlersWaiting: @Sendable () -> Int = { 0 }
        var tokens: @Sendable () -> [String: TokenState] = { [:] }
    }

    /// Creates the status of a process.
    /// - Parameters:
    ///   - settings: The settings of the process.
    ///   - version: The version of the program.
    ///   - hasStore: Whether messages are handled with a store.
    ///   - environment: The environment.
    /// - Returns: `nil` where nobody wants to know.
    /// - Throws: ``StartError/configuration(_:)`` where the folder cannot be used.
    init?(
        _ settings: ServerSettings, version: String, hasStore: Bool, environment: ProcessEnvironment = .process
    ) throws(StartError) {
        let other = Counting.bootstrapped
        guard settings.status != nil || other != nil else { return nil }
        if settings.status == nil {
            shared = nil
        } else {
            do throws(StatusFolder.Failure) {
                let path = settings.statusFolder ?? StatusFolder.standard(environment)
                shared = try SharedCounts(try StatusFolder(path))
            } catch {
                throw .configuration(["status_folder: \(error)"])
            }
        }
        counting = Counting(beside: other, hasStore: hasStore)
        self.settings = settings
        self.version = version
    }

    /// Takes over where numbers come from that are not counted but looked up.
    func use(
        handlersWaiting: @escaping @Sendable () -> Int, tokens: @escaping @Sendable () -> [String: TokenState]
    ) {
        sources.withLock { $0 = Sources(handlersWaiting: handlersWaiting, tokens: tokens) }
    }

    /// What answers at the status path; `nil` where there is none.
    var page: StatusPage? {
        guard let path = settings.status else { return nil }
        return StatusPage(path: path, allowed: settings.statusAllow) { [self] in report() }
    }

    private func report() -> StatusReport? {
        guard let sum = shared?.sum(snapshot()) else { return nil }
        return StatusReport(version: version, now: SystemClock.seconds, sum)
    }

    private func snapshot() -> ProcessSnapshot {
        let sources = sources.withLock { $0 }
        counting.sample(handlers: sources.handlersWaiting())
        return ProcessSnapshot(
            pid: getpid(), started: started, version: version, store: counting.storeHealth,
            numbers: counting.metrics.numbers, tokens: sources.tokens())
    }

    /// Keeps the others informed, once a second, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            let snapshot = snapshot()
            shared?.publish(snapshot)
        }
    }

    /// Leaves what was counted to the others.
    func end() { shared?.end(snapshot()) }
}
