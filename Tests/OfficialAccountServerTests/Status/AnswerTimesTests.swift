import Testing

@testable import OfficialAccountServer

@Suite("How long answers took")
struct AnswerTimesTests {
    @Test("percentiles are right to a hundredth")
    func percentiles() {
        var times = AnswerTimes()
        for milliseconds in 1...10_000 as ClosedRange<UInt64> { times.record(microseconds: milliseconds * 1000) }
        for (percent, seconds) in [(50, 5), (90, 9), (99, 9.9), (99.9, 9.99), (100, 10)] {
            let found = times.seconds(percentile: percent)
            #expect(abs(found - seconds) <= seconds / 100, "\(percent): \(found)")
        }
        #expect(abs(Int(times.count(upTo: 5)) - 5000) <= 50)
        #expect(times.sum == 50_005_000_000)
    }

    @Test("what takes longer than a minute counts as a minute")
    func longest() {
        var times = AnswerTimes()
        times.record(microseconds: .max)
        times.record(microseconds: 0)
        #expect(times.count == 2)
        #expect(times.seconds(percentile: 100) == 60)
        #expect(times.count(upTo: 15) == 1)
    }

    @Test("histograms of several processes add up to that of one")
    func addition() {
        var all = AnswerTimes()
        var one = AnswerTimes()
        var other = AnswerTimes()
        for value in 0..<2000 as Range<UInt64> {
            all.record(microseconds: value * value)
            if value.isMultiple(of: 3) {
                one.record(microseconds: value * value)
            } else {
                other.record(microseconds: value * value)
            }
        }
        one.add(other)
        #expect(one.count == all.count)
        #expect(one.sum == all.sum)
        for percent in [1, 25, 50, 90, 99, 99.9, 100] {
            #expect(one.seconds(percentile: percent) == all.seconds(percentile: percent))
        }
    }

    @Test("without an answer there is no time")
    func empty() {
        #expect(AnswerTimes().seconds(percentile: 50) == 0)
        #expect(AnswerTimes().count(upTo: 5) == 0)
    }
}
