internal import OfficialAccount

/// A message that is being handled, here or in another process, as the deliveries in this process wait for its answer.
///
/// Unchecked: `state` is reached only with the lock held; the rest never changes.
final class PendingAnswer: @unchecked Sendable {
    /// How waiting ended.
    enum Ending: Sendable {
        /// This is what the delivery gets.
        case given(Reply)
        /// A later delivery of the message has come.
        case superseded
        /// Its time is over.
        case timedOut
    }

    private struct Waiter {
        var delivery: Int
        var yields: Bool
        var continuation: CheckedContinuation<Ending, Never>
        var timer: Task<Void, Never>?

        func end(_ ending: Ending) {
            timer?.cancel()
            continuation.resume(returning: ending)
        }
    }

    private struct State {
        var given: Reply?
        var latestDelivery: Int
        /// Until when an answer can go back in a delivery that this process has.
        var liveUntil: Int64
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
        /// What the handler's claim is based on; `nil` where another process handles the message.
        var claim: HandlingClaim?
        var isEnding = false
        var isSettled = false
        var isListed = false
        var timeout: Task<Void, Never>?
        /// Where it is noted that this process owes the answer by customer service.
        var place: Int?
    }

    let key: StoreKey
    let message: Message
    let account: HandlingAccount
    let store: any Store
    private let lock = StoreLock()
    private var state: State

    init(
        key: StoreKey, message: Message, account: HandlingAccount, store: any Store, claim: HandlingClaim?,
        delivery: Int, liveUntil: Int64
    ) {
        self.key = key
        self.message = message
        self.account = account
        self.store = store
        state = State(latestDelivery: delivery, liveUntil: liveUntil, claim: claim)
    }

    /// The key of what the sender is owed; events are never answered with it, but their answers may wait there.
    var mailboxKey: StoreKey { HandlingKeys.mailbox(sender: message.senderBytes, account: account.key) }

    // MARK: Deliveries

    /// What every delivery gets, once it is known.
    var given: Reply? { lock.withLock { state.given } }
    var latestDelivery: Int { lock.withLock { state.latestDelivery } }
    var hasWaiters: Bool { lock.withLock { !state.waiters.isEmpty } }

    /// Whether an answer that comes now can go back in a delivery of this process's.
    func isLive(now: Int64) -> Bool { lock.withLock { now <= state.liveUntil } }

    /// Notes that a later delivery has come, here or in another process; earlier ones that yield to it wait no longer.
    /// - Parameter liveUntil: Until when an answer can go back in it, where it came to this process.
    func note(delivery: Int, liveUntil: Int64? = nil) {
        let superseded = lock.withLock { () -> [Waiter] in
            if let liveUntil { state.liveUntil = max(state.liveUntil, liveUntil) }
            guard delivery > state.latestDelivery else { return [] }
            state.latestDelivery = delivery
            return takeWaiters { $0.yields && $0.delivery < delivery }
        }
        for waiter in superseded { waiter.end(.superseded) }
    }

    /// Gives all deliveries that wait, and those that come, their answer.
    func give(_ reply: Reply) {
        let (given, waiters) = lock.withLock { () -> (Reply, [Waiter]) in
            let given = state.given ?? reply
            state.given = given
            return (given, takeWaiters { _ in true })
        }
        for waiter in waiters { waiter.end(.given(given)) }
    }

    /// Waits for the answer to a delivery.
    /// - Parameters:
    ///   - delivery: Which delivery of the message it is.
    ///   - milliseconds: How long to wait at the most.
    ///   - yields: Whether a later delivery ends the wait.
    nonisolated(nonsending) func wait(delivery: Int, milliseconds: Int64, yields: Bool) async -> Ending {
        if let given { return .given(given) }
        return await withCheckedContinuation { continuation in
            let (ending, number) = lock.withLock { () -> (Ending?, Int) in
                if let given = state.given { return (.given(given), 0) }
                if yields, delivery < state.latestDelivery { return (.superseded, 0) }
                guard milliseconds > 0 else { return (.timedOut, 0) }
                let number = state.nextWaiter
                state.nextWaiter += 1
                state.waiters[number] = Waiter(
                    delivery: delivery, yields: yields, continuation: continuation, timer: nil)
                return (nil, number)
            }
            if let ending { return continuation.resume(returning: ending) }
            let timer = Task {
                // Cancelled where the answer came: then nobody waits any more.
                try? await Task.sleep(for: .milliseconds(milliseconds))
                self.timeOut(number)
            }
            let isOver = lock.withLock {
                state.waiters[number]?.timer = timer
                return state.waiters[number] == nil
            }
            if isOver { timer.cancel() }
        }
    }

    private func timeOut(_ number: Int) {
        let waiter = lock.withLock { state.waiters.removeValue(forKey: number) }
        waiter?.continuation.resume(returning: .timedOut)
    }

    /// With the lock held.
    private func takeWaiters(where isTaken: (Waiter) -> Bool) -> [Waiter] {
        guard !state.waiters.isEmpty else { return [] }
        let taken = state.waiters.filter { isTaken($0.value) }
        for number in taken.keys { state.waiters[number] = nil }
        return Array(taken.values)
    }

    // MARK: The handler's side

    /// What this process's claim is based on, while it has one.
    var claim: HandlingClaim? {
        get { lock.withLock { state.claim } }
        set { lock.withLock { state.claim = newValue } }
    }

    /// Says that the handler's answer is being written down. Only the first one to say so may: a handler that goes on
    /// after its time is over comes too late.
    func beginEnding() -> Bool {
        lock.withLock {
            defer { state.isEnding = true }
            return !state.isEnding
        }
    }

    /// Whether this process has nothing left to do for the message.
    var isSettled: Bool { lock.withLock { state.isSettled } }

    /// Notes that this process has nothing left to do for the message.
    /// - Returns: Whether it is listed among those that run.
    func settle() -> Bool {
        let (isListed, timeout) = lock.withLock {
            state.isSettled = true
            defer { state.timeout = nil }
            return (state.isListed, state.timeout)
        }
        timeout?.cancel()
        return isListed
    }

    /// Notes that it is listed among those that run.
    /// - Returns: `false` where it is settled already.
    func list() -> Bool {
        lock.withLock {
            state.isListed = !state.isSettled
            return state.isListed
        }
    }

    /// Where it is noted that this process owes the answer by customer service.
    var place: Int? { lock.withLock { state.place } }

    /// The same, with a place that is taken where it has none.
    func place(in places: DebtPlaces) -> Int {
        lock.withLock {
            let place = state.place ?? places.take()
            state.place = place
            return place
        }
    }

    /// Gives its place back.
    func givePlace(backTo places: DebtPlaces) {
        let place = lock.withLock {
            defer { state.place = nil }
            return state.place
        }
        if let place { places.give(back: place) }
    }

    /// Takes what ends the handler when its time is over.
    /// - Returns: `false` where it is settled already.
    func setTimeout(_ timeout: Task<Void, Never>) -> Bool {
        lock.withLock {
            guard !state.isSettled else { return false }
            state.timeout = timeout
            return true
        }
    }

    /// Makes ready for another claim, after one that was lost.
    /// - Returns: `false` where a handler still runs here.
    func beginAgain() -> Bool {
        lock.withLock {
            guard !state.isEnding || state.isSettled else { return false }
            state.isEnding = false
            state.isSettled = false
            state.isListed = false
            return true
        }
    }
}

/// A claim on a message: the record as this process last wrote it, and the revision it then had.
struct HandlingClaim: Sendable {
    var record: HandlingRecord
    var revision: UInt64
}
