internal import FastCGI
internal import Logging
internal import OfficialAccountBot

extension Setting {
    /// All settings, in the order in which they are documented.
    public static let all: [Setting] = [
        listen, socketMode, socketGroup, config, logLevel, logFormat, maxAge, maxBody, maxParams, maxConnections,
        maxRequests,
        workers, readTimeout, writeTimeout, handlerTimeout, stopTimeout, store, late, notice, continuation, apology,
        collectWords, typing, keepHandled, keepAnswers, apiBase, status, statusAllow, statusFolder,
    ]

    /// The setting of a name, in its spelling with underscores.
    /// - Parameter name: The name, such as `max_body`.
    public static func named(_ name: String) -> Setting? { all.first { $0.name == name } }

    /// Where to listen, where no listening socket is inherited.
    public static let listen = Setting(
        "listen", "ADDRESS", optional: \.listen, default: "none",
        accepts: "unix:/path/to/socket, 127.0.0.1:9000 or [::1]:9000",
        help: "Where to listen, unless a listening socket was inherited; *:9000 is open to other machines."
    ) { try? ListenAddress(parsing: $0) }

    /// The permissions of a Unix socket.
    public static let socketMode = Setting(
        "socket_mode", "MODE", \.socketMode, default: "0660", accepts: "three or four octal digits, such as 0660",
        help: "The permissions of a Unix socket: whoever can write to it can use the account."
    ) { SettingSyntax.mode($0) }

    /// The group of a Unix socket.
    public static let socketGroup = Setting(
        "socket_group", "GROUP", optional: \.socketGroup, default: "the process's", accepts: "the name of a group",
        help: "The group of a Unix socket: the web server's, such as www-data."
    ) { $0.isEmpty ? nil : $0 }

    /// The configuration file.
    public static let config = Setting(
        "config", "FILE", optional: \.config, default: "none", accepts: "the path of a file", isInFile: false,
        help: "The configuration file, in YAML."
    ) { $0.isEmpty ? nil : $0 }

    /// The level from which lines are logged.
    public static let logLevel = Setting(
        "log_level", "LEVEL", \.logLevel, default: "notice",
        accepts: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "), isReloaded: true,
        help: "The level from which lines are logged; info is one line a request."
    ) { Logger.Level(rawValue: $0.lowercased()) }

    /// The form of log lines.
    public static let logFormat = Setting(
        "log_format", "FORM", \.logFormat, default: LogForm.text.rawValue,
        accepts: "one of " + LogForm.allCases.map(\.rawValue).joined(separator: ", "), isReloaded: true,
        help: "The form of log lines: text, or json for one object a line."
    ) { LogForm(rawValue: $0.lowercased()) }

    /// How far a request's time may be from the clock.
    public static let maxAge = Setting(
        "max_age", "TIME", \.maxAge, default: "10m", accepts: time + ", 0 for any", isReloaded: true,
        help: "How far the timestamp of a request may be from the clock; 0 accepts any."
    ) { SettingSyntax.seconds($0).map(Int64.init) }

    /// The largest body of a request.
    public static let maxBody = Setting(
        "max_body", "SIZE", \.limits.bodyBytes, default: SettingSyntax.text(bytes: limits.bodyBytes),
        accepts: size(upTo: mostBodyBytes),
        help: "The largest body of a request; a larger one is answered with 413."
    ) { size($0, upTo: mostBodyBytes) }

    /// The largest set of variables of a request.
    public static let maxParams = Setting(
        "max_params", "SIZE", \.limits.parameterBytes, default: SettingSyntax.text(bytes: limits.parameterBytes),
        accepts: size(upTo: mostParameterBytes),
        help: "The most bytes of variables that a web server may send with a request."
    ) { size($0, upTo: mostParameterBytes) }

    /// The most connections.
    public static let maxConnections = Setting(
        "max_connections", "COUNT", \.limits.connections, default: String(limits.connections), accepts: count,
        help: "The most connections from web servers that are held; more wait to be accepted."
    ) { positive(SettingSyntax.count($0)) }

    /// The most requests at a time.
    public static let maxRequests = Setting(
        "max_requests", "COUNT", \.limits.requestsInFlight, default: String(limits.requestsInFlight), accepts: count,
        help: "The most requests that are worked on at a time; more are answered with 503."
    ) { positive(SettingSyntax.count($0)) }

    /// The threads that read and answer requests.
    public static let workers = Setting(
        "workers", "COUNT", optional: \.workers, default: "one for each processor, at most 4",
        accepts: "a whole number from 1 to 1024",
        help: "The threads that read and answer requests; a handler that waits needs none."
    ) { positive(SettingSyntax.count($0)).flatMap { $0 <= 1024 ? $0 : nil } }

    /// How long a request may take to arrive.
    public static let readTimeout = Setting(
        "read_timeout", "TIME", \.limits.readTimeout, default: SettingSyntax.text(seconds: limits.readTimeout),
        accepts: time, help: "How long a request may take to arrive."
    ) { positive(SettingSyntax.seconds($0)).map(Double.init) }

    /// How long an answer may take to be taken.
    public static let writeTimeout = Setting(
        "write_timeout", "TIME", \.limits.writeTimeout, default: SettingSyntax.text(seconds: limits.writeTimeout),
        accepts: time,
        help: "How long a web server may take to take an answer."
    ) { positive(SettingSyntax.seconds($0)).map(Double.init) }

    /// How long a handler may take.
    public static let handlerTimeout = Setting(
        "handler_timeout", "TIME", \.limits.handlerTimeout, default: SettingSyntax.text(seconds: limits.handlerTimeout),
        accepts: time, help: "How long a handler may take."
    ) { positive(SettingSyntax.seconds($0)).map(Double.init) }

    /// How long a stop waits.
    public static let stopTimeout = Setting(
        "stop_timeout", "TIME", \.limits.stopTimeout, default: SettingSyntax.text(seconds: limits.stopTimeout),
        accepts: time,
        help: "How long a process that was told to stop finishes what it has in hand."
    ) { positive(SettingSyntax.seconds($0)).map(Double.init) }

    /// Where it is kept which messages are handled.
    public static let store = Setting(
        "store", "STORE", optional: \.store, default: "sqlite in `$STATE_DIRECTORY`, else memory",
        accepts: "memory, sqlite:/path/to/file, redis://host:6379 or none",
        help: "Where it is kept which messages were handled and what is owed: memory, sqlite:FILE, redis://… or none."
    ) { StoreAddress(parsing: $0) }

    /// Where late answers go.
    public static let late = Setting(
        "late", "MODE", \.late.mode, default: LateAnswers().mode.rawValue,
        accepts: "one of " + LateAnswers.Mode.allCases.map(\.rawValue).joined(separator: ", "), isReloaded: true,
        help: "Where an answer goes that is later than the platform waits."
    ) { LateAnswers.Mode(rawValue: $0) }

    /// What announces a late answer.
    public static let notice = Setting(
        "notice", "TEXT", \.late.notice, default: LateAnswers.defaultNotice, accepts: noticeText, isReloaded: true,
        help: "What a user is told whose answer is to be collected."
    ) { shortText($0) }

    /// What stands below a part of a long text.
    public static let continuation = Setting(
        "continuation", "TEXT", \.late.continuation, default: LateAnswers.defaultContinuation, accepts: noticeText,
        isReloaded: true, help: "What stands below a text that is too long for one reply, while more of it follows."
    ) { shortText($0) }

    /// What a user gets where a handler fails.
    public static let apology = Setting(
        "apology", "TEXT", optional: \.late.apology, default: "none", accepts: noticeText, isReloaded: true,
        help: "What a user is told where a handler failed or took longer than handler_timeout."
    ) { shortText($0) }

    /// The texts that ask for an answer.
    public static let collectWords = Setting(
        "collect_words", "WORDS", \.late.collectWords,
        default: LateAnswers.defaultCollectWords.joined(separator: ", "), accepts: "words, with commas between them",
        isList: true, isReloaded: true, help: "The texts that ask for an answer that is owed, and are no question."
    ) { words($0) }

    /// Whether typing is shown.
    public static let typing = Setting(
        "typing", "YES|NO", \.late.showsTyping, default: "no", accepts: "yes or no", isReloaded: true,
        help: "Whether 「正在输入」 is shown while an answer is to be sent by customer service."
    ) { ["yes": true, "true": true, "no": false, "false": false][$0.lowercased()] }

    /// How long a message is remembered.
    public static let keepHandled = Setting(
        "keep_handled", "TIME", \.keepHandled, default: SettingSyntax.text(seconds: ServerSettings().keepHandled),
        accepts: time,
        help: "How long a message that was answered is remembered, to answer another delivery of it alike."
    ) { positive(SettingSyntax.seconds($0)).map(Double.init) }

    /// How long an answer waits.
    public static let keepAnswers = Setting(
        "keep_answers", "TIME", \.keepAnswers, default: SettingSyntax.text(seconds: ServerSettings().keepAnswers),
        accepts: time, help: "How long an answer waits to be collected."
    ) { positive(SettingSyntax.seconds($0)).map(Double.init) }

    /// Where calls to the platform go.
    public static let apiBase = Setting(
        "api_base", "URL", optional: \.apiBase, default: "the platform's own",
        accepts: "an address that begins with https:// or http://",
        help: "Where calls to the platform go, such as a proxy."
    ) { $0.hasPrefix("https://") || $0.hasPrefix("http://") ? $0 : nil }

    /// Where the status is shown.
    public static let status = Setting(
        "status", "PATH", optional: \.status, default: "nowhere",
        accepts: "a path such as /wechat-status, without {token}",
        help: "The path at which the status is shown, to clients of the same machine."
    ) { StatusPath(parsing: $0) }

    /// Who may see the status.
    public static let statusAllow = Setting(
        "status_allow", "ADDRESSES", \.statusAllow, default: "none",
        accepts: "addresses and networks with commas between them, such as 192.0.2.7, 10.0.0.0/8",
        isList: true,
        help: "Which clients may see the status beside those of the same machine, by REMOTE_ADDR."
    ) { ClientNetworks(parsing: $0) }

    /// Where processes share what they count.
    public static let statusFolder = Setting(
        "status_folder", "FOLDER", optional: \.statusFolder,
        default: "in `$RUNTIME_DIRECTORY`, else in /dev/shm", accepts: "the absolute path of a folder",
        help: "The folder in which the processes of a machine add up what they count; nobody else may look into it."
    ) { $0.hasPrefix("/") && $0.utf8.count <= 1024 ? $0 : nil }

    /// The defaults of what the server itself limits stand with the server.
    private static let limits = Limits()

    /// What a message is read up to, whatever is set (``MessageLimits/bytes``).
    private static let mostBodyBytes = 256 << 20
    /// More than any web server sends, and little enough to be held for many requests at a time.
    private static let mostParameterBytes = 16 << 20

    private static let noticeText = "a text of up to 512 bytes of UTF-8"

    private static func shortText(_ text: String) -> String? {
        !text.isEmpty && text.utf8.count <= 512 ? text : nil
    }

    private static func words(_ text: String) -> [String]? {
        let words = text.split { $0 == "," || $0 == "，" }.map { word in
            String(String(word.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)).reversed())
        }
        return words.isEmpty || words.contains { $0.isEmpty || $0.utf8.count > 64 } ? nil : words
    }

    private static let time = "a number of seconds up to a year, such as 10, 10s or 5m"
    private static let count = "a whole number from 1"

    private static func size(upTo most: Int) -> String {
        "a number of bytes from 1 to \(SettingSyntax.text(bytes: most)), such as 1048576, 512k or 1MiB"
    }

    private static func size(_ text: String, upTo most: Int) -> Int? {
        positive(SettingSyntax.bytes(text)).flatMap { $0 <= most ? $0 : nil }
    }

    private static func positive(_ number: Int?) -> Int? { number.flatMap { $0 > 0 ? $0 : nil } }
}

extension Setting {
    /// All settings as a table in Markdown, which the README repeats word for word.
    public static var markdown: String {
        var text = "| flag | environment | in the file, under `server:` | | otherwise |\n|---|---|---|---|---|\n"
        for setting in all {
            let key = setting.isInFile ? "`\(setting.name)`" : ""
            let help = setting.help.hasSuffix(".") ? String(setting.help.dropLast()) : setting.help
            text += "| `\(setting.flag)` | `\(setting.variable)` | \(key) | \(help) | \(setting.defaultText) |\n"
        }
        return text
    }
}
