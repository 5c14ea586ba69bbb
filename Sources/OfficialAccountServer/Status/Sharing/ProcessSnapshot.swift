/// What a process says of itself to the others.
struct ProcessSnapshot: Sendable, Equatable {
    var pid: Int32
    /// When it started, in seconds since 1970.
    var started: Int64
    var version: String
    var store: StoreHealth?
    var numbers = Numbers()
    var tokens: [String: TokenState] = [:]

    /// One of its own counters that has no labels.
    func counter(_ name: String) -> UInt64 { numbers.counters[Series(name)] ?? 0 }
    /// One of its own gauges that has no labels.
    func gauge(_ name: String) -> Double { numbers.gauges[Series(name)] ?? 0 }
}

/// How an account's access token does.
struct TokenState: Sendable, Equatable {
    /// When it was fetched last, in seconds since 1970; 0 for never.
    var refreshed: Int64 = 0
    /// When fetching it failed last, in seconds since 1970; 0 for never.
    var failed: Int64 = 0
    /// Why: the platform's errcode, or a word.
    var failure = ""

    var isWorking: Bool { refreshed >= failed }

    /// What is known when another process's view is known too.
    mutating func merge(_ other: TokenState) {
        refreshed = max(refreshed, other.refreshed)
        if other.failed > failed {
            failed = other.failed
            failure = other.failure
        }
    }
}

extension Dictionary<String, TokenState> {
    mutating func merge(_ other: Self) {
        for (account, state) in other { self[account, default: TokenState()].merge(state) }
    }
}

/// What processes have counted that are gone.
struct Total: Sendable, Equatable {
    /// When counting began, in seconds since 1970.
    var since: Int64
    var counters: [Series: UInt64] = [:]
    var times: [Series: AnswerTimes] = [:]
    var tokens: [String: TokenState] = [:]
    /// The processes that were added last, so that one is not added twice whose files could not be removed at once.
    var added: Set<String> = []

    mutating func add(_ process: ProcessSnapshot) {
        var numbers = Numbers(counters: counters, times: times)
        numbers.add(process.numbers)
        counters = numbers.counters
        times = numbers.times
        tokens.merge(process.tokens)
    }
}
