/// Decides which of many equal log lines are written, so that nobody can fill a disk with them.
///
/// In each minute the first lines of a kind are let through, and the first line of a later minute carries the count of
/// those left out before it: some ten thousand lines of a kind a day at the most. Kinds beyond the most that are counted
/// in a minute share one count.
struct LineLimiter<Kind: Hashable & Sendable>: Sendable {
    private struct Count: Sendable {
        var minute: Int64
        var seen: Int
        var leftOut: Int
    }

    private let linesPerMinute: Int
    private let mostKinds: Int
    /// Under `nil` what the kinds share that are not counted by themselves.
    private var counts: [Kind?: Count] = [:]
    private var minuteOfLastClearing: Int64 = .min

    /// Creates a limiter.
    /// - Parameters:
    ///   - linesPerMinute: How many lines of a kind are written in a minute.
    ///   - mostKinds: How many kinds are counted by themselves.
    init(linesPerMinute: Int = 10, mostKinds: Int = 512) {
        self.linesPerMinute = linesPerMinute
        self.mostKinds = mostKinds
    }

    /// How many counts are kept.
    var count: Int { counts.count }

    /// Asks for a line.
    /// - Parameters:
    ///   - kind: What the line is about; chosen by this program and its configuration, never by a client.
    ///   - second: The clock, in seconds.
    /// - Returns: How many lines of the kind were left out since the last one that was written, or `nil` where this
    ///   line is to be left out too.
    mutating func admit(_ kind: Kind, second: Int64) -> Int? {
        let minute = second / 60
        let kind = counted(kind, minute)
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

    /// What a kind is counted under. Where there are too many, those that were not seen in this minute make room, and
    /// what they had left out is never told.
    private mutating func counted(_ kind: Kind, _ minute: Int64) -> Kind? {
        guard counts[kind] == nil, counts.count >= mostKinds else { return kind }
        if minuteOfLastClearing != minute {
            minuteOfLastClearing = minute
            counts = counts.filter { $0.key == nil || $0.value.minute == minute }
        }
        return counts.count < mostKinds ? kind : nil
    }
}
