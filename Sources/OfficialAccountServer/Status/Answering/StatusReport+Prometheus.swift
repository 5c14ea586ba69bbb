/// The status in the text format of Prometheus
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
extension StatusReport {
    var prometheus: String {
        var text = ""
        for (name, kind, help) in MetricName.all {
            let samples = kind == "histogram" ? histograms(name) : samples(name, isCounter: kind == "counter")
            guard !samples.isEmpty else { continue }
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n" + samples
        }
        return text
    }

    private func samples(_ name: String, isCounter: Bool) -> String {
        if isCounter {
            let found = numbers.counters.filter { $0.key.name == name }.sorted { $0.key < $1.key }
            return found.map { Self.line(name, $0.key.labels, "\($0.value)") }.joined()
        }
        return gauges(name).map { Self.line(name, $0.labels, $0.value) }.joined()
    }

    private func gauges(_ name: String) -> [(labels: [Series.Label], value: String)] {
        func tokens(_ value: (TokenState) -> String) -> [(labels: [Series.Label], value: String)] {
            self.tokens.sorted { $0.key < $1.key }.map {
                ([Series.Label(name: "account", value: $0.key)], value($0.value))
            }
        }
        switch name {
        case MetricName.processes: return [([], "\(processes.count)")]
        case MetricName.since: return [([], "\(since)")]
        case MetricName.build: return version.isEmpty ? [] : [([Series.Label(name: "version", value: version)], "1")]
        case MetricName.tokenUp: return tokens { $0.isWorking ? "1" : "0" }
        case MetricName.tokenRefreshed: return tokens { "\($0.refreshed)" }
        case MetricName.tokenFailed: return tokens { "\($0.failed)" }
        case MetricName.tokenError: return tokens { $0.isWorking ? "0" : Int($0.failure).map(String.init) ?? "0" }
        default: return [([], gauge(name).text(digits: 0))]
        }
    }

    /// Where the buckets of answer times end, in seconds: 4.5 is when this program stops to wait for an answer, 5 when the
    /// platform does, 10 and 14 when it does for the second and the third delivery.
    private static let buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 4.5, 5, 10, 15]

    private func histograms(_ name: String) -> String {
        var text = ""
        for (series, times) in numbers.times.sorted(by: { $0.key < $1.key }) where series.name == name {
            for end in Self.buckets {
                let label = Series.Label(name: "le", value: end.text(digits: 3))
                text += Self.line(name + "_bucket", series.labels + [label], "\(times.count(upTo: end))")
            }
            let last = Series.Label(name: "le", value: "+Inf")
            text += Self.line(name + "_bucket", series.labels + [last], "\(times.count)")
            text += Self.line(name + "_sum", series.labels, (Double(times.sum) / 1e6).text(digits: 6))
            text += Self.line(name + "_count", series.labels, "\(times.count)")
        }
        return text
    }

    private static func line(_ name: String, _ labels: [Series.Label], _ value: String) -> String {
        guard !labels.isEmpty else { return "\(name) \(value)\n" }
        let list = labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
        return "\(name){\(list)} \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
