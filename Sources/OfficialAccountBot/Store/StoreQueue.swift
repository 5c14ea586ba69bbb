internal import Glibc

/// Hands the transactions of many callers to a store that has to be waited for, as many at once as wait.
///
/// What a store costs is mostly paid per visit: a commit of a file, a round trip to a server. One thread makes the visits,
/// and those who come meanwhile go together the next time. Where several came together it waits a moment for more.
package final class StoreQueue: Sendable {
    private let state: StoreQueueState

    /// Starts the thread.
    /// - Parameters:
    ///   - backend: What carries out the transactions.
    ///   - gathering: For how many microseconds transactions are gathered when several come at once.
    /// - Throws: ``StoreError`` where the system has no thread to give.
    package init(_ backend: sending any StoreBackend, gathering: Int = 1000) throws(StoreError) {
        state = StoreQueueState(backend, gathering: gathering)
        try state.start()
    }

    deinit { state.stop(nil) }

    /// Carries out a transaction with others that wait.
    nonisolated(nonsending) package func commit(
        _ transaction: StoreTransaction
    ) async throws(StoreError) -> StoreOutcome {
        // Unsafe: a checked one is an object more for each transaction. Whoever is added is resumed once, at once or with
        // the batch that it leaves in.
        let result = await withUnsafeContinuation { state.add(transaction, $0) }
        return try withExtendedLifetime(transaction) { () throws(StoreError) in try result.get() }
    }

    /// Finishes what waits, has the backend closed and ends the thread.
    package func close() async {
        await withCheckedContinuation { state.stop($0) }
    }
}

/// What the callers of a ``StoreQueue`` and its thread share.
///
/// Unchecked: `backend` is the thread's alone, the other variables are reached only with `mutex` held; the mutex and the
/// condition are made for several threads, and their addresses never change.
private final class StoreQueueState: @unchecked Sendable {
    typealias Caller = UnsafeContinuation<Result<StoreOutcome, StoreError>, Never>

    /// Transactions, and who waits for each.
    struct Batch {
        var transactions: [StoreTransaction] = []
        var callers: [Caller] = []

        mutating func append(_ transaction: StoreTransaction, _ caller: Caller) {
            transactions.append(transaction)
            callers.append(caller)
        }
    }

    /// How many transactions are handed over at once at most.
    private static var largestBatch: Int { 256 }

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private let gathering: Int
    private var backend: any StoreBackend

    private var waiting = Batch()
    /// How many have to wait for the thread to be woken.
    private var wakesAt = Int.max
    private var isStopping = false
    private var hasEnded = false
    private var closers: [CheckedContinuation<Void, Never>] = []

    init(_ backend: any StoreBackend, gathering: Int) {
        self.backend = backend
        self.gathering = gathering
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    // MARK: For callers

    func add(_ transaction: StoreTransaction, _ caller: Caller) {
        pthread_mutex_lock(mutex)
        if isStopping {
            pthread_mutex_unlock(mutex)
            return caller.resume(returning: .failure(StoreError("the store has been closed")))
        }
        waiting.append(transaction, caller)
        if waiting.callers.count >= wakesAt {
            wakesAt = .max
            pthread_cond_signal(condition)
        }
        pthread_mutex_unlock(mutex)
    }

    func stop(_ closer: CheckedContinuation<Void, Never>?) {
        pthread_mutex_lock(mutex)
        isStopping = true
        let isOver = hasEnded
        if let closer, !isOver { closers.append(closer) }
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
        if isOver { closer?.resume() }
    }

    // MARK: The thread

    func start() throws(StoreError) {
        var thread = pthread_t()
        // Signals are for the program's own threads; and writing to a connection that was closed is an error here, not
        // the end of the program (SIGPIPE). A new thread has its maker's mask.
        // Filled by the calls, and not by an initializer: which of the C modules has that differs between builds.
        let masks = UnsafeMutablePointer<sigset_t>.allocate(capacity: 2)
        defer { masks.deallocate() }
        sigfillset(masks)
        pthread_sigmask(SIG_SETMASK, masks, masks + 1)
        defer { pthread_sigmask(SIG_SETMASK, masks + 1, nil) }
        let body = Unmanaged.passRetained(ThreadBody { self.run() })
        let error = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard error != 0 else {
            pthread_detach(thread)
            return
        }
        body.release()
        hasEnded = true
        throw StoreError("the store got no thread (\(String(cString: strerror(error)))): raise the limit of tasks")
    }

    private func run() {
        var pause = backend.tidy()
        var last = 1
        var batch = Batch()
        while take(&batch, after: last, pause: pause) {
            last = batch.callers.count
            if last == 0 {
                pause = backend.tidy()
                continue
            }
            // What was written has to be tidied up soon.
            pause = min(pause, 1000)
            let results = backend.commit(batch.transactions)
            // Before their makers go on, who still have them: memory had better go back on the thread it was taken on.
            batch.transactions.removeAll(keepingCapacity: true)
            for index in 0..<last { batch.callers[index].resume(returning: results[index]) }
            batch.callers.removeAll(keepingCapacity: true)
        }
        backend.close()
        pthread_mutex_lock(mutex)
        hasEnded = true
        let closers = self.closers
        self.closers = []
        pthread_mutex_unlock(mutex)
        for closer in closers { closer.resume() }
    }

    /// Waits for transactions.
    /// - Parameters:
    ///   - batch: Gets them; none after the pause.
    ///   - last: How many there were the last time.
    ///   - pause: After how many milliseconds without any it returns.
    /// - Returns: `false` where the thread is to end.
    private func take(_ batch: inout Batch, after last: Int, pause: Int64) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if waiting.callers.isEmpty, !isStopping {
            let deadline = Self.deadline(in: pause * 1_000_000)
            while waiting.callers.isEmpty, !isStopping {
                wakesAt = 1
                if !wait(until: deadline) { break }
            }
        }
        if !waiting.callers.isEmpty, last > 1 {
            // As many as the last time: nearly all of those that went then are here again by now, if they come again at
            // all, and those who came while they went besides.
            let enough = min(last, Self.largestBatch)
            let deadline = Self.deadline(in: Int64(gathering) * 1000)
            while waiting.callers.count < enough, !isStopping {
                wakesAt = enough
                if !wait(until: deadline) { break }
            }
        }
        wakesAt = .max
        if waiting.callers.isEmpty { return !isStopping }
        if waiting.callers.count <= Self.largestBatch {
            swap(&batch, &waiting)
            return true
        }
        for (transaction, caller) in zip(waiting.transactions, waiting.callers).prefix(Self.largestBatch) {
            batch.append(transaction, caller)
        }
        waiting.transactions.removeFirst(Self.largestBatch)
        waiting.callers.removeFirst(Self.largestBatch)
        return true
    }

    private func wait(until deadline: timespec) -> Bool {
        var deadline = deadline
        return pthread_cond_timedwait(condition, mutex, &deadline) != ETIMEDOUT
    }

    private static func deadline(in nanoseconds: Int64) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let sum = Int64(time.tv_nsec) + nanoseconds
        return timespec(tv_sec: time.tv_sec + Int(sum / 1_000_000_000), tv_nsec: Int(sum % 1_000_000_000))
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
}
