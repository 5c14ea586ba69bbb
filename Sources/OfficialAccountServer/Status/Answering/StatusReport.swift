/// All that a status says: the sums over all processes, and each of them.
struct StatusReport: Sendable {
    let version: String
    /// When it was made, in seconds since 1970.
    let now: Int64
    /// When counting began.
    let since: Int64
    let processes: [ProcessSnapshot]
    let numbers: Numbers
    let tokens: [String: TokenState]

    init(version: String, now: Int64, _ sum: SharedCounts.Sum) {
        self.version = version
        self.now = now
        since = sum.total.since
        processes = sum.processes
        var numbers = Numbers(counters: sum.total.counters, times: sum.total.times)
        var tokens = sum.total.tokens
        for process in sum.processes {
            numbers.add(process.numbers)
            tokens.merge(process.tokens)
        }
        self.numbers = numbers
        self.tokens = tokens
    }

    /// The accounts that anything was counted of, in order.
    var accounts: [String] {
        let counted = numbers.counters.lazy.filter { $0.value > 0 && !$0.key["account"].isEmpty }
        return Set(counted.map { $0.key["account"] }).union(tokens.keys).sorted()
    }

    /// A counter by the values of a label, over all accounts or one, those that are zero left out.
    func counts(_ name: String, by label: String, of account: String? = nil) -> [(name: String, count: UInt64)] {
        var counts: [String: UInt64] = [:]
        for (series, count) in numbers.counters where series.name == name && count > 0 {
            guard account == nil || series["account"] == account else { continue }
            counts[series[label], default: 0] &+= count
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    /// A counter over all its labels.
    func count(_ name: String, of account: String? = nil) -> UInt64 {
        numbers.counters.reduce(0) { sum, entry in
            guard entry.key.name == name, account == nil || entry.key["account"] == account else { return sum }
            return sum &+ entry.value
        }
    }

    func gauge(_ name: String) -> Double { numbers.gauges[Series(name)] ?? 0 }

    /// How long answers took, over all accounts or of one.
    func times(of account: String? = nil) -> AnswerTimes {
        var all = AnswerTimes()
        for (series, times) in numbers.times where account == nil || series["account"] == account { all.add(times) }
        return all
    }

    /// Whether all processes' stores can be used, and since when the oldest trouble, or else the last recovery, is;
    /// `nil` where none has a store.
    var store: StoreHealth? {
        let stores = processes.compactMap(\.store)
        let down = stores.filter { !$0.isWorking }
        if let since = down.map(\.since).min() { return StoreHealth(isWorking: false, since: since) }
        return stores.map(\.since).max().map { StoreHealth(isWorking: true, since: $0) }
    }

    /// The limit of the platform's patience, in seconds.
    static let patience = 5.0

    /// How many answers took longer than the platform waits.
    func slow(_ times: AnswerTimes) -> UInt64 { times.count - min(times.count(upTo: Self.patience), times.count) }

    /// The percentiles that are shown.
    static let percentiles: [(name: String, percent: Double)] = [
        ("p50", 50), ("p90", 90), ("p99", 99), ("p999", 99.9), ("max", 100),
    ]
}

extension Double {
    /// The number with so many digits behind the point, without those that are zero.
    func text(digits: Int) -> String {
        guard isFinite else { return "0" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = (self * scale).rounded() / scale
        if rounded == rounded.rounded(), abs(rounded) < 1e15 { return String(Int64(rounded)) }
        return "\(rounded)"
    }
}
