internal import Dispatch
import Synchronization

/// Holds one thread, as a handler should not, so that a test can see what its server does meanwhile.
public final class BlockingGate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let waiting = Atomic<Bool>(false)

    public init() {}

    public func wait() {
        waiting.store(true, ordering: .releasing)
        semaphore.wait()
    }

    public var isWaiting: Bool { waiting.load(ordering: .acquiring) }
    public func open() { semaphore.signal() }
}
