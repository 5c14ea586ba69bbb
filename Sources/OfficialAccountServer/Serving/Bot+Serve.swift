public import FastCGI
internal import Glibc
public import Logging
public import OfficialAccountBot

extension Bot {
    /// Serves as this process was started: on a listening socket that it inherited, on one that the setting `listen`
    /// names, or, where a web server runs it as a CGI program, for one request.
    ///
    /// Settings come from the environment (`WECHAT_FCGI_LISTEN` and so on), the account's credentials from the
    /// variables of a request or from the environment (`WECHAT_TOKEN` and so on). Where the process cannot begin to
    /// serve, it says on the standard error stream what it needs and exits with the status that ``StartError`` has
    /// for it.
    ///
    /// Each message is handled once, as far as the store in the setting `store` reaches, and late answers go where the
    /// settings `late` and so on say.
    ///
    /// It stays where it is called, which for a CGI program is the main thread: a second one would cost a process that
    /// lives for one request more than the request does.
    /// - Parameter resources: What the program links in beside this module: stores, calls to the platform.
    /// - Throws: ``StartError/server(_:)`` where the system refuses what the server needs.
    nonisolated(nonsending) public func serve(
        resources: ServingResources = ServingResources()
    ) async throws(StartError) {
        do throws(StartError) {
            let launch = try Launch.detect()
            try await serve(launch: launch, resources: resources) { () throws(StartError) in
                try ServingConfiguration(environment: .process, launch: launch)
            }
        } catch {
            if case .server = error { throw error }
            error.exit()
        }
    }

    /// Serves with a configuration that the caller reads.
    /// - Parameters:
    ///   - launch: How the process was started.
    ///   - resources: What the program links in beside this module.
    ///   - logger: Where to log; by default lines on the standard error stream, from the level that the setting
    ///     `log_level` says. A logger that is given keeps its own level unless it shares ``LogLevelSwitch/process``.
    ///   - now: The clock, in seconds since 1970; by default the machine's.
    ///   - usage: What to say where nothing says where requests come from.
    ///   - configure: Reads the configuration: once at the start, and again at each SIGHUP. Where it throws then, the
    ///     configuration that is in force stays.
    /// - Throws: ``StartError`` where the process cannot begin to serve.
    nonisolated(nonsending) public func serve(
        launch: Launch, resources: ServingResources = ServingResources(), logger: Logger? = nil,
        now: @escaping @Sendable () -> Int64 = Exchange.clock,
        usage: String = Usage.bot, configure: @escaping @Sendable () throws(StartError) -> ServingConfiguration
    ) async throws(StartError) {
        let logger = logger ?? Logger(label: "wechat-fcgi") { StandardErrorLog(label: $0) }
        if case .cgi = launch {
            await respondOnce(resources, logger, now, configure)
            return
        }
        let configuration = try configure()
        let store = try await resources.open(configuration.settings, environment: .process)
        let (listener, place) = try Self.listener(launch, configuration.settings, usage: usage)
        let process = ServingProcess(
            bot: self, store: store, resources: resources, configuration: configuration, logger: logger,
            status: try StatusService(configuration.settings, version: resources.version, hasStore: store != nil),
            now: now, configure: configure)
        if case .inherited = launch, store?.isShared == false {
            logger.notice(
                "messages are remembered by this process alone; where several share the socket, set store")
        }
        try await process.run(on: listener, place: place)
    }

    /// One request of a web server that runs this process as a CGI program. A wrong configuration is an answer too: the
    /// one who asked has to hear something, and the owner finds the reason in the web server's log.
    nonisolated(nonsending) private func respondOnce(
        _ resources: ServingResources, _ logger: Logger, _ now: @escaping @Sendable () -> Int64,
        _ configure: @escaping @Sendable () throws(StartError) -> ServingConfiguration
    ) async {
        var limits = Limits()
        let handler: Handler
        var status: StatusService?
        do throws(StartError) {
            let configuration = try configure()
            limits = configuration.settings.limits
            let store = try await Self.storeOfRequest(resources, configuration.settings, logger)
            status = Self.statusOfRequest(resources, configuration.settings, hasStore: store != nil, logger)
            let process = ServingProcess(
                bot: self, store: store, resources: resources, configuration: configuration, logger: logger,
                outlivesAnswers: false, status: status, now: now, configure: configure)
            let exchange = process.exchange
            handler = { await exchange.respond(to: $0) }
        } catch {
            for line in error.lines { logger.error("\(line)") }
            let response = Denial(kind: .misconfigured, reason: "").response
            handler = { _ in response }
        }
        let result = await CGI.respond(limits: limits, handler: handler)
        status?.end()
        if result != 0 { exit(result) }
    }

    /// What counts one request. A folder that cannot be used is no reason not to answer.
    private static func statusOfRequest(
        _ resources: ServingResources, _ settings: ServerSettings, hasStore: Bool, _ logger: Logger
    ) -> StatusService? {
        do throws(StartError) {
            return try StatusService(settings, version: resources.version, hasStore: hasStore)
        } catch {
            for line in error.lines { logger.error("nothing is counted: \(line)") }
            return nil
        }
    }

    /// The store for one request. One that cannot be used is no reason not to answer.
    nonisolated(nonsending) private static func storeOfRequest(
        _ resources: ServingResources, _ settings: ServerSettings, _ logger: Logger
    ) async throws(StartError) -> (any Store)? {
        do throws(StartError) {
            return try await resources.open(settings, environment: .process)
        } catch {
            guard case .store(let failure) = error else { throw error }
            logger.error("duplicates are not caught across processes: \(failure)")
            return MemoryStore()
        }
    }

    /// The socket to serve on. One that was inherited counts before one that is to be opened: whoever started the
    /// process with it connects there, and a process that replaces another is started with the same arguments.
    private static func listener(
        _ launch: Launch, _ settings: ServerSettings, usage: String
    ) throws(StartError) -> (Listener, place: String) {
        if case .inherited(let listener) = launch { return (listener, "a socket that was inherited") }
        guard let address = settings.listen else {
            throw .nowhereToListen(
                usage: settings.config.map {
                    "\($0) is fine, but nothing says where to listen: give \(Setting.listen.flag) ADDRESS, such as "
                        + "127.0.0.1:9000 or unix:/run/wechat-fcgi/wechat.sock, or write 'listen: ADDRESS' there under "
                        + "'server:'"
                } ?? usage)
        }
        do throws(ListenError) {
            let listener = try Listener.open(
                address, socketMode: settings.socketMode, socketGroup: settings.socketGroup)
            return (listener, address.description)
        } catch {
            throw .listen(error)
        }
    }
}

extension Launch {
    /// How this process was started.
    /// - Throws: ``StartError/listen(_:)`` where it was given a socket that cannot be listened on.
    public static func detect() throws(StartError) -> Launch {
        do throws(ListenError) {
            return try current()
        } catch {
            throw .listen(error)
        }
    }
}

extension StartError {
    /// Says what is wrong on the standard error stream and ends the process.
    public func exit() -> Never {
        var text = description + "\n"
        text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        Glibc.exit(exitStatus)
    }
}

/// What a process that was started by hand says it needs.
public enum Usage {
    /// For a bot of one's own, which has no command line.
    public static var bot: String {
        let name = CommandLine.arguments.first ?? "bot"
        return """
            This program answers a WeChat Official Account behind a web server. Start it in one of these ways:

              WECHAT_FCGI_LISTEN=127.0.0.1:9000 WECHAT_TOKEN=... \(name)     (its own socket; unix:/run/bot.sock too)
              spawn-fcgi -s /run/bot.sock -M 0660 -n -- \(name)     (a socket that it inherits; systemd's too)
              REQUEST_METHOD=GET QUERY_STRING=... WECHAT_TOKEN=... \(name)     (one CGI request)
            """
    }
}
