internal import CoreMetrics
internal import FastCGI
internal import OfficialAccount
internal import OfficialAccountBot

/// What is counted of one account. Made when the account is, so that a message costs an addition or two.
final class AccountCounts: Sendable {
    /// How the account is called.
    let name: String
    private let factory: any MetricsFactory
    private let messages: [Counter]
    private let events = Locked<[String: Counter]>([:])
    private let replies: Counter
    private let successes: Counter
    private let verified: Counter
    private let leftToNext: Counter
    private let times: Timer
    private let joined: Counter
    private let repeated: Counter
    private let deferred: Counter
    private let collected: Counter
    private let sent: Counter
    private let refused: Counter
    private let dropped: Counter
    private let erased: Counter
    private let crowdedOut: Counter
    private let errors: Counter
    private let timeouts: Counter
    private let apologies: Counter
    private let takenOver: Counter
    private let overtaken: Counter

    init(_ name: String, factory: any MetricsFactory) {
        func counter(_ metric: String, _ label: String? = nil, _ value: String = "") -> Counter {
            Counter(
                label: metric, dimensions: [("account", name)] + (label.map { [($0, value)] } ?? []), factory: factory)
        }
        self.name = name
        self.factory = factory
        messages = CountedKind.messages.map { counter(MetricName.messages, "type", $0) }
        replies = counter(MetricName.answers, "outcome", "reply")
        successes = counter(MetricName.answers, "outcome", "success")
        verified = counter(MetricName.answers, "outcome", "verified")
        leftToNext = counter(MetricName.answers, "outcome", "next_delivery")
        times = Timer(label: MetricName.answerTime, dimensions: [("account", name)], factory: factory)
        joined = counter(MetricName.retries, "how", "joined")
        repeated = counter(MetricName.retries, "how", "repeated")
        deferred = counter(MetricName.late, "outcome", "deferred")
        collected = counter(MetricName.late, "outcome", "collected")
        sent = counter(MetricName.late, "outcome", "sent")
        refused = counter(MetricName.late, "outcome", "refused")
        dropped = counter(MetricName.late, "outcome", "dropped")
        erased = counter(MetricName.late, "outcome", "erased")
        crowdedOut = counter(MetricName.late, "outcome", "crowded_out")
        errors = counter(MetricName.failures, "reason", "error")
        timeouts = counter(MetricName.failures, "reason", "timeout")
        apologies = counter(MetricName.apologies)
        takenOver = counter(MetricName.takeovers, "side", "taken_over")
        overtaken = counter(MetricName.takeovers, "side", "overtaken")
    }

    func accepted(_ message: Message) {
        messages[CountedKind.index(of: message.type)].increment()
        guard let event = message.event else { return }
        let name = CountedKind.event(event)
        let counter = events.withLock { events in
            if let counter = events[name] { return counter }
            let counter = Counter(
                label: MetricName.events, dimensions: [("account", self.name), ("event", name)], factory: factory)
            events[name] = counter
            return counter
        }
        counter.increment()
    }

    func answered(isReply: Bool, nanoseconds: Int64) {
        (isReply ? replies : successes).increment()
        times.recordNanoseconds(nanoseconds)
    }

    func verifiedURL() { verified.increment() }
    func leftToTheNext() { leftToNext.increment() }

    func failed(isTimeout: Bool, apologizes: Bool) {
        (isTimeout ? timeouts : errors).increment()
        if apologizes { apologies.increment() }
    }

    /// Counts what happened to a message of the account.
    func count(_ event: HandlingEvent, apologizes: Bool) {
        switch event {
        case .handlerFailed: failed(isTimeout: false, apologizes: apologizes)
        case .handlerTimedOut: failed(isTimeout: true, apologizes: apologizes)
        case .joined: joined.increment()
        case .repeated: repeated.increment()
        case .deferred: deferred.increment()
        case .collected: collected.increment()
        case .sentLater: sent.increment()
        case .sendingFailed: refused.increment()
        case .dropped: dropped.increment()
        case .erased(let answers): erased.increment(by: answers)
        case .crowdedOut(let answers): crowdedOut.increment(by: answers)
        case .takenOver: takenOver.increment()
        case .overtaken: overtaken.increment()
        case .storeFailed, .storeRecovered: break
        }
    }
}
