internal import CoreMetrics
internal import FastCGI
internal import OfficialAccount
internal import OfficialAccountBot
internal import Synchronization

/// What this process counts, for its status page and for whatever backend of swift-metrics the program has.
///
/// There is none where nobody wants to know: then a request costs one comparison. What is counted holds nothing of what
/// users write, who they are, or what is secret.
final class Counting: Sendable {
    /// What is counted as a whole.
    let metrics = MetricStore()
    private let factory: any MetricsFactory
    private struct Accounts {
        var byName: [String: AccountCounts] = [:]
        /// For accounts whose names in logs are many, since their Tokens are in their paths.
        var byOrigin: [String: AccountCounts] = [:]
    }

    private let accounts = Locked(Accounts())
    private let begun: Counter
    private let ended = Atomic<Int64>(0)
    private let started = Atomic<Int64>(0)
    private let refusals: [Denial.Kind: Counter]
    private let storeFailures: Counter
    private let store: Locked<StoreHealth?>
    private let inFlight: Meter
    private let handlers: Meter
    private let memory: Meter
    private let descriptors: Meter
    private let storesDown: Meter

    /// How many accounts are counted by themselves. Those beyond share the name `other`: for `{token}` in variables of
    /// a web server there could be any number.
    static let mostAccounts = 64

    /// Creates the counts of a process.
    /// - Parameters:
    ///   - other: The backend of swift-metrics that the program has bootstrapped, which gets the same.
    ///   - hasStore: Whether messages are handled once, with a store.
    init(beside other: (any MetricsFactory)?, hasStore: Bool) {
        let factory: any MetricsFactory =
            other.map { [metrics] in MultiplexMetricsHandler(factories: [metrics, $0]) } ?? metrics
        self.factory = factory
        begun = Counter(label: MetricName.requests, factory: factory)
        var refusals: [Denial.Kind: Counter] = [:]
        for kind in Denial.Kind.allCases {
            refusals[kind] = Counter(label: MetricName.refusals, dimensions: [("kind", kind.label)], factory: factory)
        }
        self.refusals = refusals
        storeFailures = Counter(label: MetricName.storeFailures, factory: factory)
        store = Locked(hasStore ? StoreHealth(isWorking: true, since: SystemClock.seconds) : nil)
        inFlight = Meter(label: MetricName.inFlight, factory: factory)
        handlers = Meter(label: MetricName.handlers, factory: factory)
        memory = Meter(label: MetricName.memory, factory: factory)
        descriptors = Meter(label: MetricName.descriptors, factory: factory)
        storesDown = Meter(label: MetricName.storesDown, factory: factory)
    }

    /// The backend that the program has bootstrapped; `nil` where it has none.
    static var bootstrapped: (any MetricsFactory)? {
        let factory = MetricsSystem.factory
        return factory is NOOPMetricsHandler ? nil : factory
    }

    /// The counts of an account that is about to be served.
    /// - Parameters:
    ///   - name: What it is counted under.
    ///   - origin: Where its credentials were configured.
    func account(_ name: String, origin: String) -> AccountCounts {
        let factory = factory
        return accounts.withLock { accounts in
            let isOneTooMany = accounts.byName[name] == nil && accounts.byName.count >= Self.mostAccounts
            let name = isOneTooMany ? "other" : name
            let counts = accounts.byName[name] ?? AccountCounts(name, factory: factory)
            accounts.byName[name] = counts
            if accounts.byOrigin.count < Self.mostAccounts, accounts.byOrigin[origin] == nil {
                accounts.byOrigin[origin] = counts
            }
            return counts
        }
    }

    /// The counts of an account that is being served.
    private func counts(of account: HandlingAccount) -> AccountCounts? {
        accounts.withLock { $0.byName[account.name] ?? $0.byOrigin[account.origin] ?? $0.byName["other"] }
    }

    // MARK: Requests

    func began() {
        begun.increment()
        started.wrappingAdd(1, ordering: .relaxed)
    }

    func end() { ended.wrappingAdd(1, ordering: .relaxed) }

    func denied(_ kind: Denial.Kind) { refusals[kind]?.increment() }

    // MARK: Events

    /// Counts what happened to a message.
    func count(_ event: HandlingEvent, _ account: HandlingAccount?) {
        switch event {
        case .storeFailed:
            storeFailures.increment()
            noteStore(isWorking: false)
        case .storeRecovered: noteStore(isWorking: true)
        default:
            guard let account else { return }
            counts(of: account)?.count(event, apologizes: account.late.apology != nil)
        }
    }

    private func noteStore(isWorking: Bool) {
        store.withLock { $0 = StoreHealth(isWorking: isWorking, since: SystemClock.seconds) }
    }

    /// Counts what happened to a connection.
    func count(_ event: ServerEvent) {
        guard let name = event.countedName else { return }
        Counter(label: MetricName.server, dimensions: [("event", name)], factory: factory).increment()
    }

    // MARK: Now

    /// Whether the store can be used, and since when; `nil` where there is none.
    var storeHealth: StoreHealth? { store.withLock { $0 } }

    /// Sets the numbers that say how things are.
    func sample(handlers waiting: Int) {
        inFlight.set(max(started.load(ordering: .relaxed) - ended.load(ordering: .relaxed), 0))
        handlers.set(waiting)
        memory.set(ProcessUsage.residentBytes)
        descriptors.set(ProcessUsage.descriptors)
        storesDown.set(storeHealth?.isWorking == false ? 1 : 0)
    }
}

/// Whether a process's store can be used.
struct StoreHealth: Sendable, Equatable {
    var isWorking: Bool
    /// When it became so, in seconds since 1970.
    var since: Int64
}

extension ServerEvent {
    /// How the event is called where it is counted; `nil` for those that say nothing of how well things go.
    fileprivate var countedName: String? {
        switch self {
        case .refused: "connection_refused"
        case .cutShort: "cut_short"
        case .readTimeout: "read_timeout"
        case .writeTimeout: "write_timeout"
        case .handlerTimeout: "handler_timeout"
        case .tooManyRequests: "too_many_requests"
        case .tooManyBodies: "too_many_bodies"
        case .peerLeft: "peer_left"
        case .connectionLimit: "connection_limit"
        case .descriptorLimit: "descriptor_limit"
        case .replacementFailed: "replacement_failed"
        case .systemError: "system_error"
        case .acceptingAgain, .stopping, .stopped, .replaced: nil
        }
    }
}
