import Dispatch
import FastCGI
import Glibc

/// Notices when the machine stands still: a thread sleeps for a moment again and again, and looks how long it slept.
package enum Stalls {
    private static let noticed = Locked<[ContinuousClock.Instant]>([])
    /// Less is what the platform's clock leaves room for.
    private static let least = Duration.milliseconds(300)

    private static let watch: Void = {
        // A thread of its own, whatever others do.
        DispatchQueue(label: "Stalls").async {
            var last = ContinuousClock.now
            while true {
                usleep(10_000)
                let now = ContinuousClock.now
                if now - last > least { noticed.withLock { $0.append(now) } }
                last = now
            }
        }
    }()

    /// Begins to look, where nobody does yet.
    package static func begin() { watch }

    /// Whether the machine stood still at some time since then.
    package static func any(since start: ContinuousClock.Instant) -> Bool {
        noticed.withLock { $0.contains { $0 >= start } }
    }
}
