internal import FastCGI
internal import Logging
internal import OfficialAccount
internal import OfficialAccountBot

/// A process that serves until it is told to stop, and reads its configuration again when it is told to.
struct ServingProcess: Sendable {
    private let bot: Bot
    private let store: (any Store)?
    private let handling: MessageHandling?
    private let settings: ServerSettings
    private let summary: String
    private let warnings: [String]
    private let reloading = Locked<Void>(())
    private let live: LiveConfiguration
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let status: StatusService?
    private let configure: @Sendable () throws(StartError) -> ServingConfiguration

    init(
        bot: Bot, store: (any Store)? = nil, resources: ServingResources = ServingResources(),
        configuration: ServingConfiguration,
        logger: Logger, outlivesAnswers: Bool = true, status: StatusService? = nil,
        now: @escaping @Sendable () -> Int64,
        configure: @escaping @Sendable () throws(StartError) -> ServingConfiguration
    ) {
        self.bot = bot
        self.store = store
        settings = configuration.settings
        summary = configuration.accounts.summary
        warnings = configuration.warnings
        LogLevelSwitch.process.level = configuration.settings.logLevel
        LogFormSwitch.process.form = configuration.settings.logFormat
        self.status = status
        let counting = status?.counting
        let calls = store ?? MemoryStore()
        live = LiveConfiguration(
            configuration, logger: logger, store: calls, counting: counting,
            placeholders: PlaceholderWarnings(isOn: outlivesAnswers)
        ) {
            resources.platform($0, calls, configuration.settings)
        }
        let log = HandlingLog(logger, now: now)
        handling = store.map {
            MessageHandling(
                bot: bot, store: $0,
                settings: HandlingSettings(configuration.settings, outlivesAnswers: outlivesAnswers)
            ) { event, account, message in
                counting?.count(event, account)
                log.observe(event, account, message)
            }
        }
        status?.use(
            handlersWaiting: { [handling] in handling?.runningCount ?? 0 }, tokens: { [live] in live.tokenStates })
        self.logger = logger
        self.now = now
        self.configure = configure
    }

    /// What answers its requests.
    var exchange: Exchange {
        Exchange(
            bot: bot, handling: handling, configuration: live, logger: logger, status: status?.page,
            counting: status?.counting, now: now)
    }

    /// Serves until the process is told to stop and what is in hand is done.
    func run(on listener: Listener, place: String) async throws(StartError) {
        let exchange = exchange
        let log = ServerLog(logger, now: now)
        let stopping = Locked<ContinuousClock.Instant?>(nil)
        let counting = status?.counting
        let inheriting = Task { [handling, live] in
            await handling?.inherit { live.directory.all.map(\.handling) }
        }
        let sharing = status.map { status in Task { await status.run() } }
        defer {
            inheriting.cancel()
            sharing?.cancel()
            status?.end()
        }
        let server = Server(
            listener: listener, workers: settings.workers ?? Server.defaultWorkers, limits: limits,
            observe: {
                if case .stopping = $0 {
                    stopping.withLock { $0 = .now }
                    // What a process takes over that is about to end, it would only leave to the next.
                    inheriting.cancel()
                }
                counting?.count($0)
                log.observe($0)
            },
            // Who asks how full the server is has to hear it even then.
            whenFull: { exchange.status?.answer($0) }, begin: { exchange.begin($0) })
        for name in ProcessEnvironment.process.unknownSettings {
            logger.warning("the environment variable \(name) is no setting of this program")
        }
        for warning in warnings { logger.warning("\(warning)") }
        if let address = listener.addressForOtherMachines {
            logger.warning(
                """
                other machines may connect to \(address), and whoever does is taken for a web server, which says who asks \
                and may name an account: let a firewall admit your web servers alone, or listen on 127.0.0.1 or a Unix \
                socket
                """)
        }
        let watch = settings.config.flatMap { FileWatch($0) { reload() } }
        defer { watch?.stop() }
        logger.notice("serving on \(place)", metadata: ["accounts": .string(summary)])
        do throws(ServerError) {
            try await ServerProcess.run(server) { reload() }
        } catch {
            throw .server(error)
        }
        inheriting.cancel()
        await inheriting.value
        // Handlers whose deliveries are over go on until the same deadline.
        let since = stopping.withLock { $0.map { ContinuousClock.now - $0 } } ?? .zero
        let rest = settings.limits.stopTimeout - Double(since.components.seconds)
        if let unfinished = await handling?.finish(within: rest), unfinished > 0 {
            logger.warning("stopped; \(unfinished) handlers were cut off (stop_timeout)")
        }
        await store?.close()
    }

    /// The limits of the server. Handling ends handlers by itself and holds deliveries for as long as they last, so that
    /// the server's own limit is only for what goes wrong.
    private var limits: Limits {
        var limits = settings.limits
        if handling != nil { limits.handlerTimeout = max(limits.handlerTimeout, 20) + 5 }
        return limits
    }

    /// Reads the configuration again: on SIGHUP, and when its file has changed. Requests that have begun finish under the
    /// one they began with.
    func reload() { reloading.withLock { _ in reloadNow() } }

    private func reloadNow() {
        do throws(StartError) {
            let new = try configure()
            live.replace(accounts: new.accounts, maxAge: new.settings.maxAge, late: new.settings.late)
            LogLevelSwitch.process.level = new.settings.logLevel
            LogFormSwitch.process.form = new.settings.logFormat
            for warning in new.warnings { logger.warning("\(warning)") }
            logger.notice("the configuration was read again and is in force")
            let later = Setting.all.filter { !$0.isReloaded && $0.differs(settings, new.settings) }.map(\.name)
            if !later.isEmpty {
                logger.warning(
                    "these settings change when the process is started anew: \(later.joined(separator: ", "))")
            }
        } catch {
            for line in error.lines { logger.error("\(line)") }
            logger.error("the configuration was not accepted; the one before stays in force")
        }
    }
}

extension HandlingSettings {
    /// How messages are handled, as the settings of the process say.
    init(_ settings: ServerSettings, outlivesAnswers: Bool) {
        self.init()
        handlerTimeout = settings.limits.handlerTimeout
        keepHandled = settings.keepHandled
        keepAnswers = settings.keepAnswers
        mostRunning = settings.limits.requestsInFlight
        self.outlivesAnswers = outlivesAnswers
    }
}
