internal import Histogram

/// How long answers took: a histogram of microseconds with two significant digits
/// (http://hdrhistogram.org), from which every percentile can be had, and which can be added to others.
struct AnswerTimes: Sendable, Equatable {
    /// What is longer counts as this long: the platform has given up ten times over.
    static let longest: UInt64 = 60_000_000

    private(set) var histogram = Histogram<UInt64>(
        highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .two)
    /// All of them together, in microseconds.
    private(set) var sum: UInt64 = 0

    var count: UInt64 { histogram.totalCount }

    mutating func record(microseconds: UInt64, count: UInt64 = 1) {
        let value = min(microseconds, Self.longest)
        histogram.record(value, count: count)
        sum &+= value &* count
    }

    mutating func add(_ other: AnswerTimes) {
        histogram.add(other.histogram)
        sum &+= other.sum
    }

    /// The time in seconds that so many percent of the answers did not exceed.
    func seconds(percentile: Double) -> Double {
        count == 0 ? 0 : Double(min(histogram.valueAtPercentile(percentile), Self.longest)) / 1e6
    }

    /// How many answers took so many seconds at the most, as exactly as the histogram has it.
    func count(upTo seconds: Double) -> UInt64 {
        count == 0 ? 0 : histogram.count(within: 0...UInt64(seconds * 1e6))
    }
}

extension AnswerTimes {
    /// The histogram as text: `sum value:count,value:count`.
    var text: String {
        let steps = histogram.recordedValues().map { "\(min($0.value, Self.longest)):\($0.count)" }
        return "\(sum) " + steps.joined(separator: ",")
    }

    /// What no program writes: sums of such counts could be too large for a number.
    private static let mostSteps = 4096
    private static let mostInStep: UInt64 = 1 << 40

    /// Reads the text; `nil` where it is something else.
    init?(_ text: Substring) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let sum = UInt64(parts[0]) else { return nil }
        for step in parts[1].split(separator: ",").prefix(Self.mostSteps) {
            let pair = step.split(separator: ":")
            guard pair.count == 2, let value = UInt64(pair[0]), let count = UInt64(pair[1]), count <= Self.mostInStep
            else { return nil }
            record(microseconds: value, count: count)
        }
        self.sum = sum
    }
}
