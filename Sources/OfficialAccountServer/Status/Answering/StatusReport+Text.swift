/// The status as plain text: a line for each number, its name first.
extension StatusReport {
    var text: String {
        var lines = Lines()
        if !version.isEmpty { lines.add("version", version) }
        lines.add("now", Self.time(now))
        lines.add("counting since", Self.time(since))
        lines.add("processes", "\(processes.count)")
        lines.add("requests", "\(count(MetricName.requests))")
        lines.add("requests in flight", gauge(MetricName.inFlight).text(digits: 0))
        lines.add("handlers waiting", gauge(MetricName.handlers).text(digits: 0))
        if let store {
            lines.add("store", "\(store.isWorking ? "working" : "NOT WORKING") since \(Self.time(store.since))")
        } else {
            lines.add("store", "none")
        }
        append(to: &lines, of: nil, prefix: "")
        for (kind, count) in counts(MetricName.refusals, by: "kind") { lines.add("refused \(kind)", "\(count)") }
        for (event, count) in counts(MetricName.server, by: "event") { lines.add("server \(event)", "\(count)") }
        lines.add("store failures", "\(count(MetricName.storeFailures))")
        for account in accounts {
            lines.text += "\naccount: \(account)\n"
            append(to: &lines, of: account, prefix: "  ")
        }
        for process in processes {
            lines.text += "\nprocess: \(process.pid)\n"
            append(process, to: &lines)
        }
        return lines.text
    }

    private func append(to lines: inout Lines, of account: String?, prefix: String) {
        func add(_ title: String, _ metric: String, by label: String) {
            for (name, count) in counts(metric, by: label, of: account) {
                lines.add(prefix + title + " " + name, "\(count)")
            }
        }
        lines.add(prefix + "messages", "\(count(MetricName.messages, of: account))")
        add("messages", MetricName.messages, by: "type")
        add("events", MetricName.events, by: "event")
        add("answers", MetricName.answers, by: "outcome")
        add("retries", MetricName.retries, by: "how")
        add("late", MetricName.late, by: "outcome")
        add("handlers failed", MetricName.failures, by: "reason")
        let apologies = count(MetricName.apologies, of: account)
        if apologies > 0 { lines.add(prefix + "apologies", "\(apologies)") }
        add("messages", MetricName.takeovers, by: "side")
        let times = times(of: account)
        if times.count > 0 {
            for (name, percent) in Self.percentiles {
                lines.add(prefix + "answer time \(name)", times.seconds(percentile: percent).text(digits: 4) + " s")
            }
            lines.add(prefix + "answers over 5 s", "\(slow(times))")
        }
        if let account, let token = tokens[account] {
            let failure =
                token.failed > 0 ? "; failed \(Self.time(token.failed)) (\(token.failure))" : ""
            let fetched = token.refreshed > 0 ? "fetched \(Self.time(token.refreshed))" : "never fetched"
            lines.add(prefix + "access token", (token.isWorking ? "" : "FAILING: ") + fetched + failure)
        }
    }

    private func append(_ process: ProcessSnapshot, to lines: inout Lines) {
        if !process.version.isEmpty { lines.add("  version", process.version) }
        lines.add("  started", Self.time(process.started))
        lines.add("  requests", "\(process.counter(MetricName.requests))")
        lines.add("  requests in flight", process.gauge(MetricName.inFlight).text(digits: 0))
        lines.add("  handlers waiting", process.gauge(MetricName.handlers).text(digits: 0))
        lines.add("  resident bytes", process.gauge(MetricName.memory).text(digits: 0))
        lines.add("  descriptors", process.gauge(MetricName.descriptors).text(digits: 0))
        lines.add("  store", process.store.map { $0.isWorking ? "working" : "NOT WORKING" } ?? "none")
    }

    /// A moment as RFC 3339 has it.
    static func time(_ second: Int64) -> String { LogLine.time(second: Int(second)) }

    private struct Lines {
        var text = ""

        mutating func add(_ name: String, _ value: String) {
            text += name + ":" + String(repeating: " ", count: max(1, 32 - name.count)) + value + "\n"
        }
    }
}
