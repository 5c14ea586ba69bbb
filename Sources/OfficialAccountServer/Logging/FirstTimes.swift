internal import FastCGI

/// Tells which accounts are met for the first time, so that something is said once of each. Accounts whose credentials come
/// with requests could be any number: beyond the most that are kept nothing is said.
final class FirstTimes: Sendable {
    private let most: Int
    private let met = Locked<Set<String>>([])

    /// - Parameter most: How many accounts are kept.
    init(most: Int) { self.most = most }

    /// Whether an account is met for the first time.
    /// - Parameter origin: Where its credentials were configured.
    func isFirst(_ origin: String) -> Bool {
        met.withLock { $0.count < most && $0.insert(origin).inserted }
    }
}
