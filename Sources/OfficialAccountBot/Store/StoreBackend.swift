/// What a ``StoreQueue`` hands transactions to; one thread at a time calls it.
package protocol StoreBackend: SendableMetatype {
    /// Carries out transactions, in their order.
    /// - Returns: What came of each.
    mutating func commit(_ transactions: [StoreTransaction]) -> [Result<StoreOutcome, StoreError>]

    /// Does what can wait for a quiet moment.
    /// - Returns: In how many milliseconds it wants to be called again where nothing else happens.
    mutating func tidy() -> Int64

    /// Gives back what it holds of the system.
    mutating func close()
}
