package import Glibc
import FastCGI

/// A process that a test started, the leader of its own process group. It is stopped when nothing refers to it any more,
/// and when the test process ends, however it does.
package final class ChildProcess: Sendable {
    package let pid: pid_t
    /// The file that has its standard output and error.
    package let log: String
    private let name: String
    private let status = Locked<Int32?>(nil)

    /// Starts a server.
    /// - Parameters:
    ///   - arguments: The program, then its arguments.
    ///   - environment: All of its environment.
    ///   - folder: Its working folder.
    ///   - input: What it gets as its standard input, such as a listening socket; by default nothing.
    ///   - log: The file that gets its standard output and error.
    package convenience init(
        _ arguments: [String], environment: [String: String] = currentEnvironment(), in folder: String? = nil,
        input: Int32? = nil, log: String
    ) throws {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw TestError("\(log) could not be opened: errno \(errno)") }
        defer {
            close(null)
            close(file)
        }
        try self.init(
            arguments, environment: environment, folder: folder,
            streams: StandardStreams(input: input ?? null, output: file, errors: file), log: log)
    }

    init(
        _ arguments: [String], environment: [String: String], folder: String?, streams: StandardStreams,
        log: String = "/dev/null"
    ) throws {
        self.log = log
        name = arguments.first ?? ""
        pid = try spawn(arguments, environment: environment, folder: folder, streams: streams)
        try Guardian.started(pid)
    }

    deinit { stop() }

    /// The status it ended with, as a shell gives it; `nil` while it runs.
    package var exitStatus: Int32? {
        status.withLock { status in
            if status == nil {
                var wait: Int32 = 0
                if waitpid(pid, &wait, WNOHANG) == pid { status = shellStatus(ofWait: wait) }
            }
            return status
        }
    }

    /// Waits for its end.
    /// - Returns: The status it ended with, or `nil` where it still runs after that many seconds.
    package func waitForExit(within seconds: Int) -> Int32? {
        let deadline = Deadline(seconds: seconds)
        while !deadline.hasPassed {
            if let status = exitStatus { return status }
            deadline.pause()
        }
        return exitStatus
    }

    /// Sends it, and nothing else in its group, a signal.
    package func signal(_ number: Int32) {
        // Once reaped, its number may be another's.
        status.withLock { if $0 == nil { _ = Glibc.kill(pid, number) } }
    }

    /// Stops it: SIGTERM, then SIGKILL for what is left of its group.
    package func stop() {
        signal(SIGTERM)
        _ = waitForExit(within: 5)
        kill()
    }

    /// Kills it and all of its group.
    package func kill() {
        // A group keeps its number for as long as it has members, reaped leader or not; without members nothing is hit.
        _ = Glibc.kill(-pid, SIGKILL)
        _ = waitForExit(within: 5)
        try? Guardian.ended(pid)
    }

    /// Waits until something answers at an address.
    /// - Throws: Where this process ends before, or nothing has answered after half a minute, with the end of its log.
    package func waitUntilAnswering(_ endpoint: Endpoint) throws {
        let deadline = Deadline(seconds: 30)
        while !deadline.hasPassed {
            if endpoint.answers { return }
            if let status = exitStatus { throw TestError("\(name) ended with status \(status): \(logTail)") }
            deadline.pause()
        }
        throw TestError("\(name) does not answer at \(endpoint): \(logTail)")
    }

    /// The last lines of its log.
    package var logTail: String {
        let lines = ((try? text(ofFile: log)) ?? "").split(separator: "\n")
        return lines.suffix(15).joined(separator: "\n")
    }
}

/// The running processes that were started with an argument, whoever started them.
package func processes(withArgument argument: String) throws -> [pid_t] {
    guard let folder = opendir("/proc") else { throw TestError("no /proc: errno \(errno)") }
    defer { closedir(folder) }
    var result: [pid_t] = []
    while let name = nextName(in: folder) {
        // One that has ended and was not waited for has no arguments any more.
        guard let pid = pid_t(name), let line = try? text(ofFile: "/proc/\(name)/cmdline") else { continue }
        if line.split(separator: "\0").contains(Substring(argument)) { result.append(pid) }
    }
    return result
}

/// Waits until so many processes of the program that share a log have said that they serve.
package func waitUntilServing(_ count: Int, log: String) throws {
    let deadline = Deadline(seconds: 60)
    while true {
        let lines = ((try? text(ofFile: log)) ?? "").split(separator: "\n")
        if lines.count(where: { $0.contains(": serving on ") }) >= count { return }
        if deadline.hasPassed { throw TestError("not all serve: \(lines.joined(separator: "\n"))") }
        deadline.pause()
    }
}
