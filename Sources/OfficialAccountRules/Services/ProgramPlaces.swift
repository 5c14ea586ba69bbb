internal import NIOConcurrencyHelpers

/// How many of a program may run at once.
final class ProgramPlaces: Sendable {
    let most: Int
    private let taken = NIOLockedValueBox(0)

    init(_ most: Int) { self.most = most }

    /// - Returns: Whether there was a place left.
    func take() -> Bool {
        taken.withLockedValue { taken in
            guard taken < most else { return false }
            taken += 1
            return true
        }
    }

    func giveBack() { taken.withLockedValue { $0 -= 1 } }
}
