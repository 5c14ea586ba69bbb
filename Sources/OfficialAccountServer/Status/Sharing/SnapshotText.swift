/// How snapshots and totals are written into files: a line for each number, its parts with tabs between them. No part
/// holds a tab or the end of a line.
enum SnapshotText {
    /// Changes with the form of what is written.
    private static let head = "wechat-fcgi-status\t1"

    static func write(_ snapshot: ProcessSnapshot) -> String {
        var text = head + "\nprocess\t\(snapshot.pid)\t\(snapshot.started)\t\(snapshot.version)\n"
        if let store = snapshot.store { text += "store\t\(store.isWorking ? 1 : 0)\t\(store.since)\n" }
        append(snapshot.numbers.counters, snapshot.numbers.times, snapshot.tokens, to: &text)
        for (series, value) in snapshot.numbers.gauges.sorted(by: { $0.key < $1.key }) {
            text += line("gauge", series, "\(value)")
        }
        return text
    }

    static func write(_ total: Total) -> String {
        var text = head + "\nsince\t\(total.since)\n"
        for name in total.added.sorted() { text += "added\t\(name)\n" }
        append(total.counters, total.times, total.tokens, to: &text)
        return text
    }

    private static func append(
        _ counters: [Series: UInt64], _ times: [Series: AnswerTimes], _ tokens: [String: TokenState],
        to text: inout String
    ) {
        for (series, count) in counters.sorted(by: { $0.key < $1.key }) where count > 0 {
            text += line("counter", series, "\(count)")
        }
        for (series, times) in times.sorted(by: { $0.key < $1.key }) where times.count > 0 {
            text += line("times", series, times.text)
        }
        for (account, token) in tokens.sorted(by: { $0.key < $1.key }) {
            text += "token\t\(account)\t\(token.refreshed)\t\(token.failed)\t\(token.failure)\n"
        }
    }

    private static func line(_ kind: String, _ series: Series, _ value: String) -> String {
        kind + "\t" + series.name + series.labels.map { "\t\($0.name)\t\($0.value)" }.joined() + "\t\(value)\n"
    }

    /// What a file says. Lines that this version does not know are left out.
    private struct Contents {
        var process: ProcessSnapshot?
        var since: Int64?
        var added: Set<String> = []
        var store: StoreHealth?
        var numbers = Numbers()
        var tokens: [String: TokenState] = [:]

        init?(_ text: String) {
            var lines = text.split(separator: "\n")[...]
            guard let first = lines.popFirst(), first == SnapshotText.head else { return nil }
            for line in lines { read(line.split(separator: "\t", omittingEmptySubsequences: false)) }
        }

        private mutating func read(_ parts: [Substring]) {
            switch parts[0] {
            case "process" where parts.count == 4:
                guard let pid = Int32(parts[1]), let started = Int64(parts[2]) else { return }
                process = ProcessSnapshot(pid: pid, started: started, version: String(parts[3]))
            case "since" where parts.count == 2: since = Int64(parts[1])
            case "added" where parts.count == 2: added.insert(String(parts[1]))
            case "store" where parts.count == 3:
                store = Int64(parts[2]).map { StoreHealth(isWorking: parts[1] == "1", since: $0) }
            case "counter":
                if let series = series(parts), let count = parts.last.flatMap({ UInt64($0) }) {
                    numbers.counters[series] = count
                }
            case "times":
                if let series = series(parts), let times = parts.last.flatMap({ AnswerTimes($0) }) {
                    numbers.times[series] = times
                }
            case "gauge":
                if let series = series(parts), let value = parts.last.flatMap({ Double($0) }) {
                    numbers.gauges[series] = value
                }
            case "token" where parts.count == 5:
                guard let refreshed = Int64(parts[2]), let failed = Int64(parts[3]) else { return }
                tokens[String(parts[1])] = TokenState(refreshed: refreshed, failed: failed, failure: String(parts[4]))
            default: break
            }
        }

        private func series(_ parts: [Substring]) -> Series? {
            guard parts.count >= 3, parts.count % 2 == 1 else { return nil }
            let labels = stride(from: 2, to: parts.count - 1, by: 2).map { (String(parts[$0]), String(parts[$0 + 1])) }
            return Series(String(parts[1]), labels)
        }
    }

    static func readProcess(_ text: String) -> ProcessSnapshot? {
        guard let contents = Contents(text), var process = contents.process else { return nil }
        process.store = contents.store
        process.numbers = contents.numbers
        process.tokens = contents.tokens
        return process
    }

    static func readTotal(_ text: String) -> Total? {
        guard let contents = Contents(text), let since = contents.since else { return nil }
        return Total(
            since: since, counters: contents.numbers.counters, times: contents.numbers.times,
            tokens: contents.tokens, added: contents.added)
    }
}
