internal import Glibc
public import OfficialAccount
public import OfficialAccountBot

/// Has messages answered by a program on this machine: a message as JSON on its standard input, the reply on its standard
/// output.
///
/// ```swift
/// let weather = try ProgramRun(program: "/usr/local/bin/weather", arguments: ["--city", "上海"])
/// ```
///
/// No shell is involved. Each message starts the program anew, in a session of its own, without this program's environment
/// and open files. Its standard error is discarded. What it started ends with it: where it is done, and where it took too
/// long or wrote too much, every process that descends from it is killed.
public struct ProgramRun: Sendable {
    let program: String
    let arguments: [String]
    let environment: [String: String]
    let folder: String
    let timeout: Duration
    let limit: Int
    let sessionLifetime: Double
    let places: ProgramPlaces

    /// Describes a program; it is not started yet, and need not be there yet.
    /// - Parameters:
    ///   - program: Its absolute path.
    ///   - arguments: Its arguments.
    ///   - environment: What its environment has beside `PATH`, `LANG`, `HOME`, `TZ` and `WECHAT_FCGI_RUN`.
    ///   - folder: The absolute path of its working folder; by itself the folder that it is in.
    ///   - timeout: How long it may take, from 0.1 to 600 seconds; then it is asked to end (SIGTERM), and a second later
    ///     killed.
    ///   - limit: How many bytes it may write.
    ///   - mostAtOnce: How many of it may run at once, from 1 to 1,000; a message beyond is not answered.
    ///   - sessionLifetime: For how many seconds a session is kept that the program changes.
    /// - Throws: ``ServiceSettingError``.
    public init(
        program: String, arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil,
        timeout: Duration = .seconds(10), limit: Int = 64 << 10, mostAtOnce: Int = 16,
        sessionLifetime: Double = Sessions.defaultLifetime
    ) throws(ServiceSettingError) {
        try ServiceLimits.check(timeout: timeout, limit: limit, sessionLifetime: sessionLifetime)
        guard Self.isPath(program), !program.hasSuffix("/") else {
            throw ServiceSettingError("program", "the program must be an absolute path, such as /usr/local/bin/answer")
        }
        guard arguments.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw ServiceSettingError("arguments", "an argument must not have a zero character in it")
        }
        for (name, value) in environment { try Self.check(name, value) }
        guard folder.map(Self.isPath) != false else {
            throw ServiceSettingError("folder", "the working folder must be an absolute path, such as /var/lib/bot")
        }
        guard (1...1000).contains(mostAtOnce) else {
            throw ServiceSettingError("mostAtOnce", "the most programs at once must be from 1 to 1000")
        }
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder ?? Self.folder(of: program)
        self.timeout = timeout
        self.limit = limit
        self.sessionLifetime = sessionLifetime
        places = ProgramPlaces(mostAtOnce)
    }

    /// What of the program cannot be run as things are now; `nil` where it looks well. For a check of the settings.
    package var warning: String? {
        if access(program, F_OK) != 0 { return "\(program) is not there, or in a folder that this user may not enter" }
        var status = stat()
        if stat(program, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return "\(program) is a folder" }
        if access(program, X_OK) != 0 { return "\(program) is not executable by this user; chmod +x makes it" }
        if access(folder, X_OK) != 0 { return "\(folder) is not a folder that this user may enter" }
        return nil
    }

    private static func isPath(_ text: String) -> Bool { text.hasPrefix("/") && !text.utf8.contains(0) }

    private static func folder(of program: String) -> String {
        let end = program.lastIndex(of: "/") ?? program.startIndex
        return end == program.startIndex ? "/" : String(program[..<end])
    }

    private static func check(_ name: String, _ value: String) throws(ServiceSettingError) {
        let isName = name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isName, let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            throw ServiceSettingError(
                "environment", "a variable's name must be letters, digits and _, and not begin with a digit")
        }
        guard name != ProgramEnvironment.mark else {
            throw ServiceSettingError("environment", "the variable \(name) is set by this program; leave it out")
        }
        guard !value.utf8.contains(0) else {
            throw ServiceSettingError("environment", "the variable \(name) must not have a zero character in it")
        }
    }
}

extension ProgramRun: Answerer {
    /// Has a message answered.
    /// - Parameters:
    ///   - message: The message.
    ///   - context: What is known beside it.
    /// - Returns: What the program answered.
    /// - Throws: ``ServiceError``, also where the program changes the user's session and the store fails.
    nonisolated(nonsending) public func answer(
        _ message: Message, _ context: Context
    ) async throws(ServiceError) -> Reply? {
        guard places.take() else {
            throw ServiceError(
                .busy, "\(program) already runs \(places.most) times, which is the most; make it faster, or allow more")
        }
        defer { places.giveBack() }
        // A line, for programs that read one.
        let output = try await run(MessageJSON.bytes(message, context) + [UInt8(ascii: "\n")])
        let answer: ServiceReply
        do { answer = try ServiceReply(reading: output) } catch {
            throw ServiceError(.unreadable, "\(program) answered with \(error.what)")
        }
        return try await answer.settled(message, context, lifetime: sessionLifetime, name: program)
    }
}

extension ProgramRun: CustomStringConvertible, CustomReflectable {
    /// The program's path; arguments and environment may be secret.
    public var description: String { "ProgramRun(\(program))" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
