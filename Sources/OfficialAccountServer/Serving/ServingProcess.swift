internal import FastCGI
internal import Logging
internal import OfficialAccountBot

/// A process that serves until it is told to stop, and reads its configuration again when it is told to.
struct ServingProcess: Sendable {
    private let bot: Bot
    private let settings: ServerSettings
    private let summary: String
    private let live: LiveConfiguration
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let configure: @Sendable () throws(StartError) -> ServingConfiguration

    init(
        bot: Bot, configuration: ServingConfiguration, logger: Logger,
        now: @escaping @Sendable () -> Int64,
        configure: @escaping @Sendable () throws(StartError) -> ServingConfiguration
    ) {
        self.bot = bot
        settings = configuration.settings
        summary = configuration.accounts.summary
        LogLevelSwitch.process.level = configuration.settings.logLevel
        live = LiveConfiguration(configuration, logger: logger)
        self.logger = logger
        self.now = now
        self.configure = configure
    }

    /// What answers its requests.
    var exchange: Exchange { Exchange(bot: bot, configuration: live, logger: logger, now: now) }

    /// Serves until the process is told to stop and what is in hand is done.
    func run(on listener: Listener, place: String) async throws(StartError) {
        let exchange = exchange
        let log = ServerLog(logger, now: now)
        let server = Server(
            listener: listener, workers: settings.workers ?? Server.defaultWorkers, limits: settings.limits,
            observe: { log.observe($0) }, handler: { await exchange.respond(to: $0) })
        for name in ProcessEnvironment.process.unknownSettings {
            logger.warning("the environment variable \(name) is no setting of this program")
        }
        logger.notice("serving on \(place)", metadata: ["accounts": .string(summary)])
        do throws(ServerError) {
            try await ServerProcess.run(server) { reload() }
        } catch {
            throw .server(error)
        }
    }

    /// Reads the configuration again, on SIGHUP. Requests that have begun finish under the one they began with.
    func reload() {
        do throws(StartError) {
            let new = try configure()
            live.replace(accounts: new.accounts, maxAge: new.settings.maxAge)
            LogLevelSwitch.process.level = new.settings.logLevel
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
