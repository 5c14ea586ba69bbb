internal import Synchronization

/// This process's sign of life in a store that others share: while it handles messages it renews the sign every second;
/// three seconds without, and others take its messages over.
final class Heartbeat: Sendable {
    /// This process, among all that use the store.
    let owner = UInt64.random(in: 1 ... .max)

    private let store: any Store
    private let clock: @Sendable () -> Int64
    private let failed: @Sendable (StoreError) -> Void
    /// When the sign was written last; 0 where it never was.
    private let written = Atomic<Int64>(0)
    private let claims = Atomic<Int>(0)
    private let isBeating = Atomic<Bool>(false)

    private static let interval: Int64 = 1_000
    /// For how long a sign is good, in milliseconds.
    static let lifetime: Int64 = 3_000

    /// - Parameters:
    ///   - clock: In milliseconds; never set back.
    ///   - failed: Is told where the sign could not be written.
    init(
        _ store: any Store, clock: @escaping @Sendable () -> Int64, failed: @escaping @Sendable (StoreError) -> Void
    ) {
        self.store = store
        self.clock = clock
        self.failed = failed
    }

    /// What a transaction that claims a message has to write, where the last sign is not fresh. It must come before the
    /// claim is seen by others, so that it goes with it.
    func sign() -> (write: StoreTransaction.Write, time: Int64)? {
        let now = clock()
        return now - written.load(ordering: .relaxed) >= Self.interval ? (write, now) : nil
    }

    /// Notes that a transaction wrote the sign.
    func signed(at time: Int64) { written.store(time, ordering: .relaxed) }

    /// A claim begins; from here on the sign is renewed.
    func begin() {
        claims.add(1, ordering: .relaxed)
        guard !isBeating.exchange(true, ordering: .acquiringAndReleasing) else { return }
        Task { await beat() }
    }

    /// A claim has ended.
    func end() { claims.subtract(1, ordering: .relaxed) }

    private var write: StoreTransaction.Write {
        StoreTransaction.Write(HandlingKeys.heartbeat(owner: owner), [1], lifetime: Self.lifetime)
    }

    private func beat() async {
        while true {
            while claims.load(ordering: .relaxed) > 0 {
                let now = clock()
                if now - written.load(ordering: .relaxed) >= Self.interval / 2 {
                    do throws(StoreError) {
                        _ = try await store.commit(StoreTransaction(writes: [write]))
                        signed(at: now)
                    } catch {
                        failed(error)
                    }
                }
                try? await Task.sleep(for: .milliseconds(Self.interval))
            }
            isBeating.store(false, ordering: .sequentiallyConsistent)
            // One that began in between found the beat still going on.
            guard claims.load(ordering: .sequentiallyConsistent) > 0,
                !isBeating.exchange(true, ordering: .sequentiallyConsistent)
            else { return }
        }
    }
}
