internal import Dispatch

/// Threads for tests that wait long and must go on in time.
///
/// The threads that all tests share are as few as the machine's processors, and other tests block them.
package final class OwnThreads: TaskExecutor {
    package static let shared = OwnThreads()

    private let queue = DispatchQueue(label: "OwnThreads", attributes: .concurrent)

    private init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
