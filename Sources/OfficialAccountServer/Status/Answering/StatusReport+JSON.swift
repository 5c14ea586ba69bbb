/// The status as JSON, for the page that draws it and for whoever else asks. Moments are seconds since 1970, durations
/// seconds.
extension StatusReport {
    var json: String {
        var members: [(String, String)] = [
            ("version", JSONText.string(version)), ("now", "\(now)"), ("since", "\(since)"),
            ("requests", "\(count(MetricName.requests))"),
            ("in_flight", gauge(MetricName.inFlight).text(digits: 0)),
            ("handlers_waiting", gauge(MetricName.handlers).text(digits: 0)),
            ("store", Self.json(store)), ("store_failures", "\(count(MetricName.storeFailures))"),
        ]
        members += counted(of: nil)
        members += [
            ("refusals", counts(MetricName.refusals, by: "kind").json),
            ("server", counts(MetricName.server, by: "event").json),
            ("accounts", JSONText.array(accounts.map(json(of:)))),
            ("processes", JSONText.array(processes.map(json(of:)))),
        ]
        return JSONText.object(members) + "\n"
    }

    private func counted(of account: String?) -> [(String, String)] {
        func object(_ metric: String, by label: String) -> String { counts(metric, by: label, of: account).json }
        return [
            ("messages", object(MetricName.messages, by: "type")),
            ("events", object(MetricName.events, by: "event")),
            ("answers", object(MetricName.answers, by: "outcome")),
            ("retries", object(MetricName.retries, by: "how")), ("late", object(MetricName.late, by: "outcome")),
            ("handler_failures", object(MetricName.failures, by: "reason")),
            ("apologies", "\(count(MetricName.apologies, of: account))"),
            ("takeovers", object(MetricName.takeovers, by: "side")),
            ("answer_time", json(times(of: account))),
        ]
    }

    private func json(_ times: AnswerTimes) -> String {
        guard times.count > 0 else { return "null" }
        return JSONText.object(
            [("count", "\(times.count)"), ("over_5s", "\(slow(times))")]
                + Self.percentiles.map { ($0.name, times.seconds(percentile: $0.percent).text(digits: 6)) })
    }

    private func json(of account: String) -> String {
        var members = [("name", JSONText.string(account))]
        members += counted(of: account)
        if let token = tokens[account] {
            members.append(
                (
                    "access_token",
                    JSONText.object([
                        ("working", "\(token.isWorking)"),
                        ("refreshed", token.refreshed > 0 ? "\(token.refreshed)" : "null"),
                        ("failed", token.failed > 0 ? "\(token.failed)" : "null"),
                        ("failure", token.failed > 0 ? JSONText.string(token.failure) : "null"),
                    ])
                ))
        }
        return JSONText.object(members)
    }

    private func json(of process: ProcessSnapshot) -> String {
        JSONText.object([
            ("pid", "\(process.pid)"), ("version", JSONText.string(process.version)),
            ("started", "\(process.started)"), ("requests", "\(process.counter(MetricName.requests))"),
            ("in_flight", process.gauge(MetricName.inFlight).text(digits: 0)),
            ("handlers_waiting", process.gauge(MetricName.handlers).text(digits: 0)),
            ("resident_bytes", process.gauge(MetricName.memory).text(digits: 0)),
            ("descriptors", process.gauge(MetricName.descriptors).text(digits: 0)),
            ("store", Self.json(process.store)),
        ])
    }

    private static func json(_ store: StoreHealth?) -> String {
        guard let store else { return "null" }
        return JSONText.object([("working", "\(store.isWorking)"), ("since", "\(store.since)")])
    }
}

extension [(name: String, count: UInt64)] {
    /// The counts as an object.
    fileprivate var json: String { JSONText.object(map { ($0.name, "\($0.count)") }) }
}
