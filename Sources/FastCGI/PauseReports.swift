/// Which of the pauses in accepting are reported. At a limit the server may pause and go on with every connection; a line
/// for each would be worse than the limit.
struct PauseReports: Sendable {
    private var last = Int64.min / 2
    private var isReported = false

    /// - Parameter now: In milliseconds of the monotonic clock.
    /// - Returns: Whether this pause is to be reported: at most one in a second is.
    mutating func notePause(now: Int64) -> Bool {
        isReported = now - last >= 1000
        if isReported { last = now }
        return isReported
    }

    /// - Returns: Whether the pause that ends here was reported.
    mutating func noteResumption() -> Bool {
        defer { isReported = false }
        return isReported
    }
}
