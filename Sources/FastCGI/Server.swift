internal import CFastCGI
internal import Glibc
internal import Synchronization

/// A FastCGI server: answers requests that web servers send over the connections of one listener.
///
/// A few threads of its own wait for connections with epoll, read each request whole, start its handler, and write its
/// answer. None of them ever waits for a peer, and a handler that suspends costs no thread.
public final class Server: Sendable {
    private let listener: Listener
    private let workers: Int
    private let limits: Limits
    private let observe: @Sendable (ServerEvent) -> Void
    private let whenFull: @Sendable (Request) -> Response?
    private let begin: @Sendable (Request) -> Answer
    private let state = ServerState()

    /// How many workers there are where nobody says: one for each processor this process may use, four at most.
    public static var defaultWorkers: Int { min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 4) }

    /// Creates a server.
    /// - Parameters:
    ///   - listener: Where web servers connect.
    ///   - workers: How many threads read and write; at least one.
    ///   - limits: What the server takes on at most.
    ///   - observe: Is told what happens. It is called on the server's threads, by several at once, and must not wait.
    ///   - whenFull: Answers a request that need not wait for others to end, such as one that asks how full the server
    ///     is: it is asked for what would otherwise be answered 503 because of ``Limits/requestsInFlight``, and returns
    ///     `nil` for anything else. It is called as `observe` is.
    ///   - handler: Answers the requests. It begins on the server's threads, so what it does before it first suspends
    ///     must not wait either.
    public convenience init(
        listener: Listener, workers: Int = Server.defaultWorkers, limits: Limits = Limits(),
        observe: @escaping @Sendable (ServerEvent) -> Void = { _ in },
        whenFull: @escaping @Sendable (Request) -> Response? = { _ in nil }, handler: @escaping Handler
    ) {
        self.init(listener: listener, workers: workers, limits: limits, observe: observe, whenFull: whenFull) {
            request in
            .later { await handler(request) }
        }
    }

    /// Creates a server for requests of which many are answered at once.
    /// - Parameters:
    ///   - listener: Where web servers connect.
    ///   - workers: How many threads read and write; at least one.
    ///   - limits: What the server takes on at most.
    ///   - observe: Is told what happens. It is called on the server's threads, by several at once, and must not wait.
    ///   - whenFull: Answers a request that need not wait for others to end, as for the other initializer.
    ///   - begin: Begins to answer a request, on one of the server's threads; must not wait.
    public init(
        listener: Listener, workers: Int = Server.defaultWorkers, limits: Limits = Limits(),
        observe: @escaping @Sendable (ServerEvent) -> Void = { _ in },
        whenFull: @escaping @Sendable (Request) -> Response? = { _ in nil },
        begin: @escaping @Sendable (Request) -> Answer
    ) {
        self.listener = listener
        self.workers = workers
        self.limits = limits
        self.observe = observe
        self.whenFull = whenFull
        self.begin = begin
    }

    /// Serves until the server is told to stop, by ``stop()`` or by cancelling this task, and what is in hand is done.
    ///
    /// A server runs once.
    /// - Throws: ``ServerError`` where the system refuses a descriptor or a thread.
    public func run() async throws(ServerError) {
        try await run(signals: nil, isReady: {})
    }

    /// Stops gracefully: no new connection is accepted, what is in hand is finished, a kept connection is closed behind
    /// its next answer or when it stays idle, and ``run()`` returns.
    ///
    /// A listener that this process opened is closed for good; one that it inherited stays for whoever else has it.
    public func stop() { state.stop(handsOver: false) }

    /// Stops gracefully because another process goes on with the listener.
    func handOver() { state.stop(handsOver: true) }

    var observer: @Sendable (ServerEvent) -> Void { observe }
    var socket: Listener { listener }

    /// - Parameters:
    ///   - signals: What becomes readable when a signal came, and what to do then.
    ///   - isReady: Called when connections are accepted.
    func run(
        signals: (descriptor: Int32, handle: @Sendable () -> Void)?, isReady: @Sendable () -> Void
    ) async throws(ServerError) {
        Library.initialize()
        let loop = try EventLoop(
            listener: listener, workers: workers, limits: limits, observe: observe, whenFull: whenFull, begin: begin,
            signals: signals)
        let threads = try WorkerThreads(loop: loop)
        state.start(loop)
        isReady()
        await withTaskCancellationHandler {
            await threads.run()
        } onCancel: {
            stop()
        }
        loop.executor.handOver()
        loop.closeAll()
        listener.close()
        observe(.stopped(unfinished: loop.unfinishedCount))
    }
}

/// Whether a server runs, or was told to stop before it did.
///
/// Unchecked: all of it is guarded by `lock`.
private final class ServerState: @unchecked Sendable {
    private let lock = Lock()
    private var loop: EventLoop?
    private var stopsAtOnce: Bool?

    func start(_ loop: EventLoop) {
        let handsOver = lock.withLock {
            self.loop = loop
            return stopsAtOnce
        }
        loop.startAccepting()
        if let handsOver { loop.stop(handsOver: handsOver) }
    }

    func stop(handsOver: Bool) {
        let loop = lock.withLock {
            if self.loop == nil { stopsAtOnce = handsOver }
            return self.loop
        }
        loop?.stop(handsOver: handsOver)
    }
}
