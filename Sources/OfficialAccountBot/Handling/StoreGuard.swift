internal import Synchronization

/// A store, and what stands in for it while it cannot be used: a small one in memory, so that at least this process
/// recognises what it has seen.
final class StoreGuard: Sendable {
    private let main: any Store
    private let standIn = MemoryStore(maximumBytes: 16 << 20)
    private let observe: @Sendable (HandlingEvent) -> Void
    /// In milliseconds; never set back.
    private let clock: @Sendable () -> Int64
    /// Until when no message is kept waiting for the store; 0 where it works.
    private let pausedUntil = Atomic<Int64>(0)
    /// When the store failed last.
    private let failedAt = Atomic<Int64>(.min)
    /// Whether something may be in the store that stands in.
    private let standsIn = Atomic<Bool>(false)

    /// How long the store is left alone after it has failed, in milliseconds.
    private static let pause: Int64 = 1_000

    init(
        _ main: any Store, clock: @escaping @Sendable () -> Int64, observe: @escaping @Sendable (HandlingEvent) -> Void
    ) {
        self.main = main
        self.clock = clock
        self.observe = observe
    }

    /// The store to register a message in: the one that already knows it or what its sender is owed, else the main one,
    /// unless that has just failed.
    nonisolated(nonsending) func store(for message: StoreKey, _ mailbox: StoreKey) async -> any Store {
        guard standsIn.load(ordering: .relaxed) else { return main }
        let known = try? await standIn.commit(StoreTransaction(reads: [message, mailbox]))
        if isPaused { return standIn }
        if let known = known?.values, known[0] != nil || Self.isOwed(known[1]) { return standIn }
        if isWorking, standIn.usage.entries == 0 { standsIn.store(false, ordering: .relaxed) }
        return main
    }

    /// Whether something is owed, and not only known of the sender.
    private static func isOwed(_ mailbox: StoreValue?) -> Bool { mailbox.map { !Mailbox($0.bytes).isEmpty } ?? false }

    /// The store, where nothing stands in for it.
    var only: (any Store)? { standsIn.load(ordering: .relaxed) ? nil : main }

    /// The store that stands in, where it may hold something.
    var inPlace: (any Store)? { standsIn.load(ordering: .relaxed) ? standIn : nil }

    /// The store, to look at what others left there; `nil` where it has just failed.
    var toLookAt: (any Store)? { isPaused ? nil : main }

    /// Notes that the store failed.
    /// - Returns: The store to use instead.
    func failed(_ error: StoreError) -> any Store {
        let now = clock()
        failedAt.store(now, ordering: .relaxed)
        let isNew = pausedUntil.exchange(now + Self.pause, ordering: .relaxed) == 0
        standsIn.store(true, ordering: .relaxed)
        if isNew { observe(.storeFailed(error)) }
        return standIn
    }

    /// Notes that the store worked.
    func worked(_ store: any Store) {
        guard pausedUntil.load(ordering: .relaxed) != 0, !isStandIn(store) else { return }
        if pausedUntil.exchange(0, ordering: .relaxed) != 0 { observe(.storeRecovered) }
    }

    /// Whether this is the store that stands in for the one that cannot be used.
    func isStandIn(_ store: any Store) -> Bool { (store as? MemoryStore) === standIn }

    /// Whether the store has worked for some time, so that what is missing there is not missing for want of a way to it.
    func hasWorked(for milliseconds: Int64) -> Bool {
        let failed = failedAt.load(ordering: .relaxed)
        return failed == .min || clock() - failed > milliseconds
    }

    private var isPaused: Bool {
        let until = pausedUntil.load(ordering: .relaxed)
        return until != 0 && clock() < until
    }

    /// Whether the store works, as far as is known.
    var isWorking: Bool { pausedUntil.load(ordering: .relaxed) == 0 }
}
