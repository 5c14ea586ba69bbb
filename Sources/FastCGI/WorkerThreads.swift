internal import CFastCGI
internal import Glibc

/// The threads of a server, made together and waited for together.
///
/// Unchecked: `running` and `ended` are guarded by `lock`; the rest never changes.
final class WorkerThreads: @unchecked Sendable {
    private let loop: EventLoop
    private let lock = Lock()
    private var waiting: [Worker]
    private var running = 0
    private var ended: CheckedContinuation<Void, Never>?

    init(loop: EventLoop) throws(ServerError) {
        self.loop = loop
        waiting = []
        for _ in 0..<loop.workerCount {
            waiting.append(Worker(loop: loop, reader: try RequestReader()))
        }
    }

    /// Starts the threads and returns when all have ended. Where the system refuses some, the others do the work; where
    /// it refuses all, the server stops.
    func run() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let count = lock.withLock {
                ended = continuation
                running = waiting.count
                return running
            }
            var started = 0
            for _ in 0..<count where startThread() { started += 1 }
            let missing = count - started
            if missing == count { loop.stop(handsOver: true) }
            for _ in 0..<missing { threadEnded() }
        }
    }

    private func startThread() -> Bool {
        let error = BackgroundThread.start { self.work() }
        if error != 0 { loop.observe(.systemError(operation: "pthread_create", errno: error)) }
        return error == 0
    }

    private func work() {
        let worker = lock.withLock { waiting.popLast() }
        worker?.run()
        threadEnded()
    }

    private func threadEnded() {
        let continuation = lock.withLock {
            running -= 1
            defer { if running == 0 { ended = nil } }
            return running == 0 ? ended : nil
        }
        continuation?.resume()
    }
}
