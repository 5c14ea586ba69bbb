internal import CoreMetrics
internal import FastCGI

/// The backend of swift-metrics that the status page reads. Everything that this module counts is counted through
/// swift-metrics, so that the backend that a program has bootstrapped gets the same numbers beside this one.
final class MetricStore: MetricsFactory, Sendable {
    private struct Cells {
        var counters: [Series: CounterCell] = [:]
        var meters: [Series: MeterCell] = [:]
        var timers: [Series: TimerCell] = [:]
    }

    private let cells = Locked(Cells())

    /// All numbers as they are now.
    var numbers: Numbers {
        let cells = cells.withLock { $0 }
        return Numbers(
            counters: cells.counters.mapValues { UInt64(clamping: $0.value) },
            gauges: cells.meters.mapValues(\.value), times: cells.timers.mapValues(\.value))
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(\.counters, label, dimensions) { CounterCell() }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(\.meters, label, dimensions) { MeterCell() }
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        cell(\.meters, label, dimensions) { MeterCell() }
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(\.timers, label, dimensions) { TimerCell() }
    }

    // A number that was counted is not forgotten: sums over processes must not go down.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func cell<Cell: Sendable>(
        _ path: any WritableKeyPath<Cells, [Series: Cell]> & Sendable, _ label: String,
        _ dimensions: [(String, String)], make: @Sendable () -> Cell
    ) -> Cell {
        let series = Series(label, dimensions)
        return cells.withLock { cells in
            if let cell = cells[keyPath: path][series] { return cell }
            let cell = make()
            cells[keyPath: path][series] = cell
            return cell
        }
    }
}

/// Numbers that were counted, by one process or by several.
struct Numbers: Sendable, Equatable {
    var counters: [Series: UInt64] = [:]
    var gauges: [Series: Double] = [:]
    var times: [Series: AnswerTimes] = [:]

    /// Adds what other processes have counted.
    mutating func add(_ other: Numbers) {
        counters.merge(other.counters) { $0 &+ $1 }
        gauges.merge(other.gauges) { $0 + $1 }
        for (series, times) in other.times { self.times[series, default: AnswerTimes()].add(times) }
    }
}
