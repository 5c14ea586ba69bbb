import Glibc

/// A point in time at which a test gives up waiting.
package struct Deadline {
    private let end: ContinuousClock.Instant

    package init(seconds: Int) { end = .now + .seconds(seconds) }

    package var hasPassed: Bool { ContinuousClock.now >= end }

    /// Lets others work before the next look.
    package func pause() { usleep(5_000) }
}
