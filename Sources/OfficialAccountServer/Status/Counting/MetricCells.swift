internal import CoreMetrics
internal import FastCGI
internal import Synchronization

/// Where one counter of this process is kept: an addition without a lock.
final class CounterCell: CounterHandler, Sendable {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
}

/// Where one number is kept that goes up and down.
final class MeterCell: MeterHandler, RecorderHandler, Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func set(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func record(_ value: Int64) { set(value) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }

    private func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let outcome = bits.compareExchange(expected: old, desired: new, ordering: .relaxed)
            if outcome.exchanged { return }
            old = outcome.original
        }
    }
}

/// Where times are kept, under a lock that is held for a few instructions.
final class TimerCell: TimerHandler, Sendable {
    private let times = Locked(AnswerTimes())

    /// A copy that shares nothing: otherwise the next time that is recorded would have to make it.
    var value: AnswerTimes {
        var copy = AnswerTimes()
        times.withLock { copy.add($0) }
        return copy
    }

    func recordNanoseconds(_ duration: Int64) {
        let microseconds = UInt64(max(duration, 0)) / 1000
        times.withLock { $0.record(microseconds: microseconds) }
    }
}
