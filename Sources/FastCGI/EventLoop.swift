internal import CFastCGI
internal import Glibc
internal import Synchronization

/// What the workers of a server share: one epoll instance, the connections, and what waits for a worker.
///
/// Unchecked: everything that changes is atomic, guarded by `lock`, or a descriptor that lives as long as the loop.
final class EventLoop: @unchecked Sendable {
    /// What an event is about, where it is not a connection. A connection's is its address, which is never that small.
    enum Tag: UInt64 { case listener = 1, wake, timer, signal }

    enum Acceptance { case notStarted, accepting, paused, over }

    let listener: Listener
    let limits: Limits
    let workerCount: Int
    let observe: @Sendable (ServerEvent) -> Void
    let whenFull: @Sendable (Request) -> Response?
    let begin: @Sendable (Request) -> Answer
    let handleSignals: (@Sendable () -> Void)?
    let acceptsUnixSockets: Bool
    private let firstReservedDescriptor = DescriptorLimit.firstReserved

    /// Where handlers go on.
    let executor: WorkerExecutor
    let epoll: Int32
    private let wake: Int32
    private let timer: Int32

    let lock = Lock()
    /// Guarded by `lock`, as is all that follows up to the atomics.
    private(set) var connections: [Connection] = []
    private var ready: [Connection] = []
    private var acceptance = Acceptance.notStarted
    private var stopDeadline: Int64 = 0
    private var idleDeadline: Int64 = 0
    private var unfinished = 0
    private var hasEnded = false
    private var drainsBacklog = false
    private var pauseReports = PauseReports()

    /// Handlers that wait.
    let requestsInFlight = Atomic<Int>(0)
    /// What bodies may take together that are still arriving.
    let bodyRoom = BodyRoom()
    let isStopping = Atomic<Bool>(false)
    private let isTimerSet = Atomic<Bool>(false)
    private let hasManyDescriptors = Atomic<Bool>(false)

    init(
        listener: Listener, workers: Int, limits: Limits, observe: @escaping @Sendable (ServerEvent) -> Void,
        whenFull: @escaping @Sendable (Request) -> Response?, begin: @escaping @Sendable (Request) -> Answer,
        signals: (descriptor: Int32, handle: @Sendable () -> Void)?
    ) throws(ServerError) {
        self.listener = listener
        self.limits = limits
        workerCount = max(workers, 1)
        self.observe = observe
        self.whenFull = whenFull
        self.begin = begin
        handleSignals = signals?.handle
        acceptsUnixSockets = cfastcgi_socket_family(listener.fileDescriptor) == AF_UNIX
        epoll = cfastcgi_epoll_create()
        wake = cfastcgi_eventfd()
        timer = cfastcgi_timerfd()
        executor = WorkerExecutor(wake: wake)
        guard epoll >= 0, wake >= 0, timer >= 0,
            cfastcgi_epoll_add_edge(epoll, wake, Tag.wake.rawValue) == 0,
            cfastcgi_epoll_add_edge(epoll, timer, Tag.timer.rawValue) == 0
        else {
            throw ServerError(operation: "epoll", errno: errno)
        }
        if let signals { _ = cfastcgi_epoll_add_edge(epoll, signals.descriptor, Tag.signal.rawValue) }
    }

    deinit {
        for descriptor in [epoll, wake, timer] where descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    // MARK: What waits for a worker

    /// Gives a connection to whichever worker is next.
    func enqueue(_ connection: Connection) {
        let isFirst = lock.withLock {
            ready.append(connection)
            return ready.count == 1
        }
        if isFirst { wakeWorker() }
    }

    /// The connections that wait, a share of them where there are many.
    func takeReady() -> [Connection] {
        lock.withLock {
            if ready.count <= 32 {
                defer { ready.removeAll(keepingCapacity: true) }
                return ready
            }
            let share = Array(ready.suffix(max(32, ready.count / workerCount)))
            ready.removeLast(share.count)
            if !ready.isEmpty { wakeWorker() }
            return share
        }
    }

    func wakeWorker() { executor.wakeWorker() }

    // MARK: The timer

    /// Makes sure that the deadlines are looked at.
    func setTimer() {
        guard isTimerSet.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged
        else { return }
        _ = cfastcgi_timerfd_set(timer, limits.tick)
    }

    /// Says that the timer has run out. From here on whoever sets a deadline sets the timer again.
    func timerRanOut() {
        var count: UInt64 = 0
        _ = read(timer, &count, 8)
        isTimerSet.store(false, ordering: .sequentiallyConsistent)
    }

    // MARK: Connections

    /// Starts to accept.
    func startAccepting() {
        lock.withLock { if acceptance == .notStarted { resumeAccepting() } }
    }

    /// Takes in an accepted connection.
    /// - Returns: Whether another one may be accepted.
    func add(_ connection: Connection) -> Bool {
        let (isFull, isReported) = lock.withLock {
            connection.index = connections.count
            connections.append(connection)
            guard connections.count >= limits.connections, acceptance == .accepting else { return (false, false) }
            pauseAccepting()
            return (true, pauseReports.notePause(now: MonotonicClock.now))
        }
        if isReported { observe(.connectionLimit) }
        return !isFull
    }

    /// Whether there is room for a connection.
    func mayAccept() -> Bool {
        lock.withLock { connections.count < limits.connections && (acceptance == .accepting || drainsBacklog) }
    }

    /// Whether a connection that is accepted now leaves handlers the descriptors that are reserved for them. Numbers are
    /// given from below, so the number of one says how many there are.
    func hasDescriptorForConnection() -> Bool {
        // Far from the limit it is not worth a system call.
        guard hasManyDescriptors.load(ordering: .relaxed), !isStopping.load(ordering: .relaxed) else { return true }
        let probe = cfastcgi_eventfd()
        // Where there is none at all, `accept` says why.
        guard probe >= 0 else { return true }
        _ = Glibc.close(probe)
        return probe < firstReservedDescriptor
    }

    /// Takes note of the number of a connection.
    func noteDescriptor(_ fd: Int32) {
        if fd >= firstReservedDescriptor / 2 { hasManyDescriptors.store(true, ordering: .relaxed) }
    }

    /// Closes a connection and forgets it.
    func close(_ connection: Connection) {
        let isClosed = connection.lock.withLock {
            guard connection.phase != .closed else { return false }
            connection.phase = .closed
            _ = Glibc.close(connection.fd)
            return true
        }
        if isClosed { forget(connection) }
    }

    /// Forgets a connection that has been closed.
    func forget(_ connection: Connection) {
        let (resumed, ended) = lock.withLock {
            let last = connections.removeLast()
            if last !== connection {
                connections[connection.index] = last
                last.index = connection.index
            }
            guard acceptance == .paused else { return (false, endIfDone()) }
            resumeAccepting()
            return (pauseReports.noteResumption(), false)
        }
        if resumed { observe(.acceptingAgain) }
        if ended { wakeWorker() }
    }

    /// Stops accepting until a connection closes, or until the timer tries again: the listener's event comes once, and
    /// nothing else would bring those that wait in its backlog.
    /// - Parameter event: How it failed, for the operator.
    func acceptFailed(_ event: ServerEvent) {
        let (isNew, isReported) = lock.withLock {
            guard acceptance == .accepting else { return (false, false) }
            pauseAccepting()
            return (true, pauseReports.notePause(now: MonotonicClock.now))
        }
        if isReported { observe(event) }
        if isNew { setTimer() }
    }

    /// Has the listener's event come again for what is still in its backlog.
    func acceptAgain() {
        lock.withLock {
            guard acceptance == .accepting else { return }
            pauseAccepting()
            resumeAccepting()
        }
    }

    private func pauseAccepting() {
        _ = cfastcgi_epoll_remove(epoll, listener.fileDescriptor)
        acceptance = .paused
    }

    private func resumeAccepting() {
        _ = cfastcgi_epoll_add_listener(epoll, listener.fileDescriptor, Tag.listener.rawValue)
        acceptance = .accepting
    }

    // MARK: Stopping

    /// Stops accepting; what is in hand is finished, and kept connections are closed behind their next answer.
    /// - Parameter handsOver: Whether another process goes on with the listener.
    func stop(handsOver: Bool) {
        let isNew = lock.withLock {
            guard !isStopping.load(ordering: .relaxed) else { return false }
            if acceptance == .accepting { _ = cfastcgi_epoll_remove(epoll, listener.fileDescriptor) }
            acceptance = .over
            // Nobody else will ever answer those that are in the backlog of a listener of this process's own.
            drainsBacklog = !handsOver && listener.isOwn
            if drainsBacklog { listener.removePath() }
            stopDeadline = MonotonicClock.deadline(in: limits.stopTimeout)
            idleDeadline = MonotonicClock.deadline(in: min(limits.idleLinger, limits.stopTimeout))
            isStopping.store(true, ordering: .sequentiallyConsistent)
            _ = endIfDone()
            return true
        }
        guard isNew else { return }
        observe(.stopping)
        setTimer()
        wakeWorker()
    }

    /// Whether this worker is to accept what the backlog of a stopping server still holds.
    func takeBacklogDuty() -> Bool { lock.withLock { drainsBacklog } }

    /// Says that the backlog is empty.
    func backlogIsDrained() {
        let ended = lock.withLock {
            drainsBacklog = false
            return endIfDone()
        }
        if ended { wakeWorker() }
    }

    var ended: Bool { lock.withLock { hasEnded } }
    var unfinishedCount: Int { lock.withLock { unfinished } }

    private func endIfDone() -> Bool {
        guard acceptance == .over, !drainsBacklog, connections.isEmpty, !hasEnded else { return false }
        hasEnded = true
        return true
    }

    /// What the timer has to look at.
    struct Round {
        var connections: [Connection]
        var endsIdle = false
        var endsAll = false
        var isStopping = false
        var isPaused = false
    }

    func round(now: Int64) -> Round {
        lock.withLock {
            var round = Round(connections: connections)
            round.isPaused = acceptance == .paused
            guard isStopping.load(ordering: .relaxed) else { return round }
            round.isStopping = true
            round.endsIdle = now >= idleDeadline
            round.endsAll = now >= stopDeadline
            if round.endsAll { unfinished = connections.count }
            return round
        }
    }

    /// Tries to accept again after it failed: there may be descriptors again that were not this server's.
    func retryAccepting() {
        let resumed = lock.withLock {
            guard acceptance == .paused, connections.count < limits.connections else { return false }
            resumeAccepting()
            return pauseReports.noteResumption()
        }
        if resumed { observe(.acceptingAgain) }
    }

    /// Ends the loop in spite of connections that are still busy.
    func abandon() {
        let tasks = lock.withLock {
            hasEnded = true
            drainsBacklog = false
            return connections.compactMap { connection in connection.lock.withLock { connection.task } }
        }
        for task in tasks { task.cancel() }
        wakeWorker()
    }

    /// Closes what was abandoned, once no worker runs.
    func closeAll() {
        let rest = lock.withLock { connections }
        for connection in rest { close(connection) }
    }
}
