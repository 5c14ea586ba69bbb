internal import Dispatch
import Synchronization

/// Holds one thread, as a handler should not, so that a test can see what its server does meanwhile.
package final class BlockingGate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let waiting = Atomic<Bool>(false)

    package init() {}

    package func wait() {
        waiting.store(true, ordering: .releasing)
        semaphore.wait()
    }

    package var isWaiting: Bool { waiting.load(ordering: .acquiring) }
    package func open() { semaphore.signal() }
}
