/// Keeps what has to outlive a request, or to be seen by every process that serves an account: which messages are being
/// handled and what was answered, answers that wait to be collected, the platform's access token.
///
/// A store holds values under keys, each for a limited time, and changes them in transactions: a change is made only
/// where everything it was based on is still as it was. All that is built on stores needs no more than that, so that a
/// store is one function.
public protocol Store: Sendable {
    /// Whether other processes use the same store, or a process that comes after this one will.
    var isShared: Bool { get }

    /// Carries out a transaction as one step that nobody sees half done.
    ///
    /// It suspends where the store has to be waited for; a store that answers at once does not suspend.
    /// - Parameter transaction: What to read and to change.
    /// - Returns: What was read, and whether the change was made.
    /// - Throws: ``StoreError`` where the store cannot be reached or used now. The change may have been made all the same
    ///   where the connection broke in between.
    nonisolated(nonsending) func commit(_ transaction: StoreTransaction) async throws(StoreError) -> StoreOutcome

    /// Gives back what the store holds of the system: connections, threads, files. The store is not used afterwards.
    func close() async
}

extension Store {
    /// Does nothing, for a store that holds nothing of the system.
    public func close() async {}
}

/// Why a store could not be used.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong and what to do about it. Holds nothing that is kept in the store, and no password.
    public let description: String

    /// Creates an error.
    /// - Parameter description: What went wrong and what to do about it, without anything secret.
    public init(_ description: String) { self.description = description }
}
