internal import Glibc

/// Has handlers go on, after they have waited for something, on the threads of the workers: their answers go out from
/// there, without another thread to be woken.
///
/// Unchecked: everything that changes is guarded by `lock`; the key and the descriptor never change.
final class WorkerExecutor: TaskExecutor, @unchecked Sendable {
    /// After how many milliseconds a worker that is busy is not waited for any more.
    private static let patience: Int64 = 10
    /// How many jobs a worker runs before it looks at connections again.
    private static let turn = 32
    /// How many that wait are too many for one worker.
    private static let share = 16

    private let wake: Int32
    /// Of the worker that a thread belongs to.
    private var key = pthread_key_t()
    private let hasKey: Bool

    private let lock = Lock()
    private var jobs: [UnownedJob] = []
    /// How many of them have been taken.
    private var taken = 0
    private var lastTaken: Int64 = 0
    private var isOver = false

    /// - Parameter wake: What wakes a worker, for as long as there are any.
    init(wake: Int32) {
        self.wake = wake
        hasKey = pthread_key_create(&key, nil) == 0
    }

    deinit { if hasKey { pthread_key_delete(key) } }

    func wakeWorker() {
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }

    // MARK: For tasks

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let now = MonotonicClock.now
        let (isOver, wakes) = lock.withLock {
            guard !self.isOver else { return (true, false) }
            jobs.append(job)
            // Whoever runs the first one runs the others too, unless it is a long one.
            return (false, jobs.count - taken == 1 || now - lastTaken > Self.patience)
        }
        if isOver { return globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
        if wakes { wakeWorker() }
    }

    /// The worker that this thread belongs to, if it does.
    var workerHere: Worker? {
        guard hasKey, let worker = pthread_getspecific(key) else { return nil }
        return Unmanaged<Worker>.fromOpaque(worker).takeUnretainedValue()
    }

    // MARK: For workers

    /// Says that this thread belongs to a worker, until ``end()``.
    func begin(_ worker: Worker) {
        if hasKey { pthread_setspecific(key, Unmanaged.passUnretained(worker).toOpaque()) }
    }

    func end() { if hasKey { pthread_setspecific(key, nil) } }

    /// Runs what waits, or some of it: connections have their turn in between.
    func run() {
        for count in 1...Self.turn {
            guard let (job, left) = next() else { return }
            // Many are for all workers.
            if left > 0, left % Self.share == 0 || count == Self.turn { wakeWorker() }
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }

    private func next() -> (job: UnownedJob, left: Int)? {
        lock.withLock {
            guard taken < jobs.count else { return nil }
            lastTaken = MonotonicClock.now
            let job = jobs[taken]
            taken += 1
            // Some are left at every moment perhaps, for as long as there is much to do.
            if taken == jobs.count || taken == 1024 {
                jobs.removeFirst(taken)
                taken = 0
            }
            return (job, jobs.count - taken)
        }
    }

    /// Leaves what waits, and all that comes, to the threads that all tasks share: there are no workers any more.
    func handOver() {
        let rest = lock.withLock {
            isOver = true
            defer {
                jobs = []
                taken = 0
            }
            return Array(jobs[taken...])
        }
        for job in rest { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }
}
