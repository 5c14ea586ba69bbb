internal import Logging
internal import NIOConcurrencyHelpers
internal import OfficialAccountBot

/// An account's access token in this process: at hand while it can be used, and fetched by one task at a time.
///
/// Among all processes that share the store one fetches it, and the others take what it kept there. While the store
/// cannot be used, this process fetches its own: the platform hands the same one to all.
actor AccessTokens {
    private typealias Outcome = Result<AccessToken, PlatformError>

    private let source: TokenSource
    private let shelf: TokenShelf
    private let timing: TokenTiming
    private let logger: Logger
    private var token: AccessToken?
    private var renewal: Task<Outcome, Never>?
    private var failure: (error: PlatformError, end: ContinuousClock.Instant)?
    private var lastLine: ContinuousClock.Instant?
    private nonisolated let state = NIOLockedValueBox(AccessTokenHealth())

    /// How it goes, without waiting for the actor.
    nonisolated var health: AccessTokenHealth { state.withLockedValue { $0 } }

    init(source: TokenSource, shelf: TokenShelf, logger: Logger) {
        self.source = source
        self.shelf = shelf
        timing = shelf.timing
        self.logger = logger
    }

    /// The token to use. Shortly before its end the next one is fetched in the background.
    func current() async throws(PlatformError) -> AccessToken {
        let now = wallClock()
        if let token, token.isUsable(at: now) {
            if token.isDue(at: now, timing), renewal == nil, remembered == nil { startInBackground() }
            return token
        }
        return try await obtain(insteadOf: nil)
    }

    /// Another token than the one that the platform does not take.
    func replacement(of rejected: AccessToken) async throws(PlatformError) -> AccessToken {
        try await obtain(insteadOf: rejected.value)
    }

    /// Waits for what is being done in the background: a process that ends before leaves others waiting.
    func finish() async { _ = await renewal?.value }

    /// The failure that need not be found out again yet.
    private var remembered: PlatformError? { failure.flatMap { .now < $0.end ? $0.error : nil } }

    private func obtain(insteadOf rejected: String?) async throws(PlatformError) -> AccessToken {
        while true {
            if let running = renewal {
                // A failure of that one is this one's too: a thousand that wait do not try in turn.
                _ = try await running.value.get()
            }
            if let token, token.value != rejected, token.isUsable(at: wallClock()) { return token }
            if let remembered { throw remembered }
            if renewal == nil { return try await start(insteadOf: rejected).value.get() }
        }
    }

    private func start(insteadOf rejected: String?) -> Task<Outcome, Never> {
        let task = Task {
            let outcome: Outcome
            do throws(PlatformError) {
                let renewed = try await renew(insteadOf: rejected)
                token = renewed
                failure = nil
                state.withLockedValue { $0.refreshed = renewed.fetched }
                outcome = .success(renewed)
            } catch {
                let pause = error.isRefusal ? timing.refusal : timing.outage
                failure = (error, .now + .milliseconds(pause))
                state.withLockedValue {
                    $0.failed = wallClock()
                    $0.failure = error
                }
                outcome = .failure(error)
            }
            renewal = nil
            return outcome
        }
        renewal = task
        return task
    }

    private func startInBackground() {
        let task = start(insteadOf: nil)
        Task {
            guard case .failure(let error) = await task.value else { return }
            log("the next access token could not be fetched; the one in use holds for some minutes", error.description)
        }
    }

    private func log(_ what: Logger.Message, _ why: String) {
        if let lastLine, lastLine + .milliseconds(timing.logging) > .now { return }
        lastLine = .now
        logger.warning(what, metadata: ["error": "\(why)"])
    }
}

extension AccessTokens {
    /// Takes the token that another process kept, or fetches one.
    private func renew(insteadOf rejected: String?) async throws(PlatformError) -> AccessToken {
        let end = ContinuousClock.now + .milliseconds(timing.wait)
        var pause = 30
        do {
            while true {
                let seen = try await shelf.look()
                let now = wallClock()
                if let kept = seen.token, kept.value != rejected, kept.isUsable(at: now) {
                    // One that is due can be used while another process fetches the next, or when it failed to.
                    if !kept.isDue(at: now, timing) || seen.isLocked || seen.failure != nil { return kept }
                }
                if let failure = seen.failure { throw Stop.platform(failure) }
                if !seen.isLocked, let lock = try await shelf.acquire(seen) {
                    return try await fetch(insteadOf: rejected, lock)
                }
                guard .now < end else { break }
                try? await Task.sleep(for: .milliseconds(Int.random(in: pause...2 * pause)))
                pause = min(200, pause * 2)
            }
        } catch let error as StoreError {
            return try await fetchAlone(insteadOf: rejected, error)
        } catch let Stop.platform(error) {
            throw error
        } catch {
            throw PlatformError(.store, "the store failed in an unknown way")
        }
        throw PlatformError(
            .unreachable,
            "another process has not fetched the access token in time; check that the platform is reachable")
    }

    private enum Stop: Error { case platform(PlatformError) }

    /// Fetches a token for all processes.
    private func fetch(insteadOf rejected: String?, _ lock: TokenShelf.Lock) async throws -> AccessToken {
        var lock = lock
        let new: AccessToken
        do throws(PlatformError) {
            var fetched = try await source.token(isForced: false, within: timing.fetch)
            if fetched.value == rejected {
                guard let longer = try await forcing(lock) else {
                    throw PlatformError(
                        .refused(errcode: 40001),
                        """
                        the platform refuses the very access token that it hands out, and a new one was forced less than \
                        \(timing.forcing / 1000) s ago, or \(timing.mostForced) times today; another program may be \
                        forcing new ones
                        """)
                }
                lock = longer
                fetched = try await source.token(isForced: true, within: timing.fetch)
            }
            new = fetched
        } catch {
            // Where the store fails now, this process remembers it alone.
            try? await shelf.put(error, lock)
            throw Stop.platform(error)
        }
        do {
            if try await shelf.put(new, lock, now: wallClock()) { return new }
            // The lock was lost to another process, which may have forced another token since.
            let kept = try await shelf.look().token
            if let kept, kept.value != rejected, kept.fetched > new.fetched { return kept }
        } catch { log("the access token could not be kept in the store", error.description) }
        return new
    }

    private func forcing(_ lock: TokenShelf.Lock) async throws(PlatformError) -> TokenShelf.Lock? {
        do { return try await shelf.acquireForcing(lock, now: wallClock()) } catch { throw noForcing(error) }
    }

    /// Fetches a token for this process alone.
    private func fetchAlone(
        insteadOf rejected: String?, _ storeError: StoreError
    ) async throws(PlatformError) -> AccessToken {
        log("the store cannot be used; this process fetches an access token for itself", storeError.description)
        let fetched = try await source.token(isForced: false, within: timing.fetch)
        // Forcing a new one without the store would end other processes' tokens, and theirs this one's.
        guard fetched.value != rejected else { throw noForcing(storeError) }
        return fetched
    }

    private func noForcing(_ error: StoreError) -> PlatformError {
        PlatformError(
            .store,
            """
            the platform refuses the access token, and a new one can be forced only with the store, which cannot be used: \
            \(error.description)
            """)
    }
}
