public import OfficialAccount
internal import Synchronization

/// Handles each message once, however often the platform delivers it, and sees to answers that come late.
///
/// The platform waits five seconds for an answer and delivers a message up to three times. Here a delivery that comes
/// while the handler runs waits for the same answer; one that comes later gets it again. What takes longer than all
/// deliveries goes where ``LateAnswers`` says.
public final class MessageHandling: Sendable {
    /// What a delivery gets.
    public enum Verdict: Sendable {
        /// A reply, which may be to say nothing.
        case reply(Reply)
        /// No answer at all: the platform has given this delivery up, or will, and delivers the message again.
        case unanswered
        /// Too many handlers run already. The platform delivers the message again.
        case busy
    }

    /// What a delivery gets, or what finds it out.
    public enum Beginning: Sendable {
        /// Finds out what the delivery gets, and returns as soon as it is known; the handler may go on.
        public typealias Work = nonisolated(nonsending) @Sendable () async -> Verdict

        /// It is known already.
        case now(Verdict)
        /// What finds it out.
        case later(Work)
    }

    let bot: Bot
    let settings: HandlingSettings
    let tell: @Sendable (HandlingEvent, HandlingAccount?, Message?) -> Void
    let clock: @Sendable () -> Int64
    let stores: StoreGuard
    let isShared: Bool
    /// The store, where it is this process's own.
    private let own: MemoryStore?
    let heartbeat: Heartbeat
    let running = RunningMessages()
    let watched = WatchedAnswers()
    let owes = OwedAnswers()
    let places = DebtPlaces()

    /// Creates the handling of a process.
    /// - Parameters:
    ///   - bot: Who answers messages.
    ///   - store: Where it is kept which messages are handled and what was answered.
    ///   - settings: How messages are handled.
    ///   - observe: Is told what happens, with the account and the message where it is about one. Called on any thread;
    ///     must not wait.
    public convenience init(
        bot: Bot, store: any Store, settings: HandlingSettings = HandlingSettings(),
        observe: @escaping @Sendable (HandlingEvent, HandlingAccount?, Message?) -> Void = { _, _, _ in }
    ) {
        self.init(bot: bot, store: store, settings: settings, clock: StoreClock.wall, observe: observe)
    }

    package init(
        bot: Bot, store: any Store, settings: HandlingSettings, clock: @escaping @Sendable () -> Int64,
        observe: @escaping @Sendable (HandlingEvent, HandlingAccount?, Message?) -> Void
    ) {
        self.bot = bot
        self.settings = settings
        tell = observe
        self.clock = clock
        isShared = store.isShared
        own = store as? MemoryStore
        let stores = StoreGuard(store, clock: StoreClock.monotonic) { observe($0, nil, nil) }
        self.stores = stores
        heartbeat = Heartbeat(store, clock: StoreClock.monotonic) { _ = stores.failed($0) }
    }

    /// Handles a delivery of a message.
    ///
    /// It returns as soon as it is known what the delivery gets. The handler may go on: cancelling the caller's task
    /// cancels neither the handler nor the wait.
    /// - Parameters:
    ///   - message: The message.
    ///   - account: The account that it came to.
    /// - Returns: What the delivery gets.
    nonisolated(nonsending) public func answer(_ message: Message, for account: HandlingAccount) async -> Verdict {
        switch begin(message, for: account) {
        case .now(let verdict): verdict
        case .later(let work): await work()
        }
    }

    /// Begins to handle a delivery of a message, which for nearly all of them ends there: where the store is this process's
    /// own and the handler answers without suspending.
    /// - Parameters:
    ///   - message: The message.
    ///   - account: The account that it came to.
    /// - Returns: What the delivery gets, or what finds it out.
    public func begin(_ message: Message, for account: HandlingAccount) -> Beginning {
        let arrival = clock()
        let key = HandlingKeys.message(message, account: account.key)
        guard running.count < settings.mostRunning || running[key] != nil else { return .now(.busy) }
        if let own, let beginning = beginAtOnce(message, account, key, in: own, arrival: arrival) { return beginning }
        return .later {
            if self.isShared, let store = self.stores.only,
                let verdict = await self.answerAtOnce(message, account, key, sharing: store, arrival: arrival)
            {
                return verdict
            }
            return await self.answer(message, account, key, arrival: arrival)
        }
    }

    /// Handles a delivery of a message of which nothing is known.
    nonisolated(nonsending) private func answer(
        _ message: Message, _ account: HandlingAccount, _ key: StoreKey, arrival: Int64
    ) async -> Verdict {
        let mailboxKey = HandlingKeys.mailbox(sender: message.senderBytes, account: account.key)
        var store = await stores.store(for: key, mailboxKey)
        while true {
            if stores.isStandIn(store), let pending = running[key], !stores.isStandIn(pending.store) {
                return await attendHere(pending, arrival: arrival)
            }
            do throws(StoreError) {
                let registration = try await register(message, account, key, mailboxKey, in: store, at: arrival)
                stores.worked(store)
                switch registration {
                case .claimed(let pending, let mailbox):
                    return try await handle(pending, owed: mailbox, arrival: arrival)
                case .joined(let pending, let delivery, let first):
                    return await attend(pending, delivery: delivery, arrival: arrival, first: first)
                case .known(let reply):
                    return .reply(reply)
                }
            } catch {
                // The store that stands in fails only where it is too small.
                guard !stores.isStandIn(store) else { return .reply(await unguarded(message, account)) }
                store = stores.failed(error)
            }
        }
    }

    /// Attends to a delivery of a message that this process handles, while the store that knows of it cannot be used.
    private func attendHere(_ pending: PendingAnswer, arrival: Int64) async -> Verdict {
        let delivery = pending.latestDelivery + 1
        pending.note(delivery: delivery, liveUntil: arrival + settings.ladder.answer)
        observe(.joined(delivery: delivery), pending)
        let first = pending.claim?.record.firstDelivery ?? arrival
        return await attend(pending, delivery: delivery, arrival: arrival, first: first)
    }

    /// Waits for the handlers that still run, for when the process is about to end.
    /// - Parameter seconds: How long to wait at the most.
    /// - Returns: How many were still running then.
    @discardableResult
    public func finish(within seconds: Double) async -> Int {
        let deadline = ContinuousClock.now + .seconds(max(seconds, 0))
        while running.count > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        return running.count
    }

    /// How many messages are being handled whose handler has not answered at once.
    public var runningCount: Int { running.count }

    /// Whether the store can be used, as far as is known; where not, duplicates are recognised by this process alone.
    public var isStoreWorking: Bool { stores.isWorking }

    func observe(_ event: HandlingEvent, _ pending: PendingAnswer) { tell(event, pending.account, pending.message) }

    /// Handles a message that no store takes.
    nonisolated(nonsending) private func unguarded(_ message: Message, _ account: HandlingAccount) async -> Reply {
        if message.event == .unsubscribe { await eraseOwed(to: message, account, arrival: clock()) }
        do {
            return try await (account.bot ?? bot).answer(message, Context(account: account))
        } catch {
            tell(.handlerFailed(error), account, message)
            return account.late.apologyReply
        }
    }
}

/// The messages whose handlers run in this process and did not answer at once.
///
/// Unchecked: the dictionary is reached only with the lock held.
final class RunningMessages: @unchecked Sendable {
    private let lock = StoreLock()
    private var pending: [StoreKey: PendingAnswer] = [:]
    private let runs = Atomic<Int>(0)

    /// Handlers that run.
    var count: Int { runs.load(ordering: .relaxed) }

    func begin() { runs.add(1, ordering: .relaxed) }
    func end() { runs.subtract(1, ordering: .relaxed) }

    subscript(key: StoreKey) -> PendingAnswer? { lock.withLock { pending[key] } }

    /// Adds one, unless there is one for its key.
    /// - Returns: The one that is there now.
    func add(_ new: PendingAnswer) -> PendingAnswer {
        lock.withLock {
            if let old = pending[new.key], old.given == nil { return old }
            pending[new.key] = new
            return new
        }
    }

    func remove(_ old: PendingAnswer) {
        lock.withLock { if pending[old.key] === old { pending[old.key] = nil } }
    }
}
