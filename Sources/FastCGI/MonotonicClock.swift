internal import CFastCGI
internal import Glibc

/// The clock for deadlines: it never jumps.
enum MonotonicClock {
    /// Milliseconds since some fixed moment.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The moment in so many seconds.
    static func deadline(in seconds: Double) -> Int64 { now + Int64(min(max(seconds, 0), 1e9) * 1000) }
}
