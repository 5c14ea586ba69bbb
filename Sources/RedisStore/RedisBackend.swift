internal import OfficialAccountBot

/// A ``RedisConnection`` that is made again when it breaks.
struct RedisBackend: StoreBackend {
    /// For how many milliseconds nothing is tried after a failure: callers are told of it at once meanwhile.
    private static let patience: Int64 = 1000
    /// How much is sent before answers are read: neither side has to hold much more.
    private static let largestPipeline = 1 << 20

    private let address: RedisAddress
    private let timeout: Int
    private let script: TransactionScript
    private var connection: RedisConnection?
    private var lastFailure: (error: StoreError, time: Int64)?
    private var command: [UInt8] = []

    init(address: RedisAddress, prefix: String, timeout: Int) {
        self.address = address
        self.timeout = timeout
        script = TransactionScript(prefix: prefix)
    }

    mutating func commit(_ transactions: [StoreTransaction]) -> [Result<StoreOutcome, StoreError>] {
        // This is no new failure: else those who ask often would keep the server from being tried again.
        if let lastFailure, StoreClock.monotonic() - lastFailure.time < Self.patience {
            return transactions.map { _ in .failure(lastFailure.error) }
        }
        var results: [Result<StoreOutcome, StoreError>] = []
        results.reserveCapacity(transactions.count)
        do throws(StoreError) {
            let connection = try usable()
            do throws(StoreError) {
                while results.count < transactions.count {
                    try commitSome(transactions[results.count...], on: connection, to: &results)
                }
            } catch {
                self.connection = nil
                lastFailure = (error, StoreClock.monotonic())
                throw error
            }
        } catch {
            while results.count < transactions.count { results.append(.failure(error)) }
        }
        return results
    }

    mutating func tidy() -> Int64 { 60_000 }

    mutating func close() { connection = nil }

    /// Sends as many transactions as fit in a pipeline, and adds what came of them.
    private mutating func commitSome(
        _ transactions: ArraySlice<StoreTransaction>, on connection: RedisConnection,
        to results: inout [Result<StoreOutcome, StoreError>]
    ) throws(StoreError) {
        command.removeAll(keepingCapacity: true)
        var count = 0
        for transaction in transactions where count == 0 || command.count < Self.largestPipeline {
            script.append(transaction, digest: connection.digest, to: &command)
            count += 1
        }
        let first = transactions.startIndex
        try connection.send(command)
        if command.capacity > 4 * Self.largestPipeline { command = [] }
        var forgotten: [Int] = []
        let base = results.count
        for _ in 0..<count {
            switch try connection.answer() {
            case .outcome(let outcome): results.append(.success(outcome))
            case .refused(let error): results.append(.failure(error))
            case .unknownScript:
                forgotten.append(results.count)
                results.append(
                    .failure(StoreError("Redis at \(address) forgets scripts as soon as it has learnt them")))
            }
        }
        guard !forgotten.isEmpty else { return }
        // A server that was emptied (SCRIPT FLUSH, or a replica that took over) is told again.
        try connection.loadScript()
        for position in forgotten {
            command.removeAll(keepingCapacity: true)
            script.append(
                transactions[first + position - base], digest: connection.digest, to: &command)
            try connection.send(command)
            switch try connection.answer() {
            case .outcome(let outcome): results[position] = .success(outcome)
            case .refused(let error): results[position] = .failure(error)
            case .unknownScript: break
            }
        }
    }

    private mutating func usable() throws(StoreError) -> RedisConnection {
        // One that was closed while nobody used it costs nobody a transaction.
        if let connection, !connection.isStale { return connection }
        connection = nil
        let made = try RedisConnection(address, timeout: timeout)
        connection = made
        lastFailure = nil
        return made
    }
}
