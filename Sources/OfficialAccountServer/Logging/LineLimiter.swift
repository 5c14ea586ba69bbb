/// Decides which of many equal log lines are written, so that nobody can fill a disk with them.
///
/// In each minute the first lines of a kind are let through, and the first line of a later minute carries the count of
/// those left out before it: some ten thousand lines of a kind a day at the most.
struct LineLimiter<Kind: Hashable & Sendable>: Sendable {
    private struct Count: Sendable {
        var minute: Int64
        var seen: Int
        var leftOut: Int
    }

    private let linesPerMinute: Int
    private var counts: [Kind: Count] = [:]

    /// Creates a limiter.
    /// - Parameter linesPerMinute: How many lines of a kind are written in a minute.
    init(linesPerMinute: Int = 10) {
        self.linesPerMinute = linesPerMinute
    }

    /// Asks for a line.
    /// - Parameters:
    ///   - kind: What the line is about; a small number of kinds, chosen by this program and never by a client.
    ///   - second: The clock, in seconds.
    /// - Returns: How many lines of the kind were left out since the last one that was written, or `nil` where this
    ///   line is to be left out too.
    mutating func admit(_ kind: Kind, second: Int64) -> Int? {
        let minute = second / 60
        var count = counts[kind] ?? Count(minute: minute, seen: 0, leftOut: 0)
        if count.minute != minute {
            count.minute = minute
            count.seen = 0
        }
        count.seen += 1
        let isAdmitted = count.seen <= linesPerMinute
        let leftOut = count.leftOut
        count.leftOut = isAdmitted ? 0 : leftOut + 1
        counts[kind] = count
        return isAdmitted ? leftOut : nil
    }
}
