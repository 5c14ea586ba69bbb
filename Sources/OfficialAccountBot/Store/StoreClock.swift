internal import Glibc

/// The clocks of stores, in milliseconds.
package enum StoreClock {
    /// Time since some moment in the past; it never jumps, and means nothing to another machine.
    package static func monotonic() -> Int64 { milliseconds(CLOCK_MONOTONIC) }

    /// Time since 1970, as all processes of a machine see it.
    package static func wall() -> Int64 { milliseconds(CLOCK_REALTIME) }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
