internal import Synchronization

/// Lets a kind of warning into the log once a minute, since users could fill it otherwise.
final class WarningLimit: Sendable {
    private struct State {
        var minute = Int64.min
        var omitted = 0
    }

    private let state = Mutex(State())

    /// Counts a warning.
    /// - Parameter now: In milliseconds since 1970.
    /// - Returns: What the line ends with, which says how many were left out before it; `nil` where it is left out, too.
    func admit(now: Int64) -> String? {
        state.withLock { state in
            guard state.minute != now / 60_000 else {
                state.omitted += 1
                return nil
            }
            let omitted = state.omitted
            state = State(minute: now / 60_000)
            return omitted == 0 ? "" : " (and \(omitted) times more before, without a line)"
        }
    }
}
