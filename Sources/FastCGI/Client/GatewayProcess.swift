internal import CFastCGI
internal import Glibc

/// A CGI program that answers one request, as a web server starts it (RFC 3875).
package struct GatewayProcess: Sendable {
    /// Why a program cannot be started.
    package struct Failure: Error {
        /// What the system says.
        package let reason: String
    }

    private let pid: Int32
    /// What the program writes, to be read and closed by whoever has the process.
    package let output: Int32

    /// Starts a program. Its standard error is this process's.
    /// - Parameters:
    ///   - command: Its path and its arguments.
    ///   - environment: All of its environment, as `name=value`.
    ///   - input: What it finds on its standard input. It is a file, so that nobody has to write while the other reads.
    package init(_ command: [String], environment: [String], input: [UInt8]) throws(Failure) {
        let file = cfastcgi_memfd()
        guard file >= 0 else { throw Self.failure(errno) }
        defer { close(file) }
        var done = 0
        while done < input.count {
            let count = input.withUnsafeBytes { bytes in
                bytes.baseAddress.map { write(file, $0 + done, bytes.count - done) } ?? -1
            }
            guard count > 0 else { throw Self.failure(errno) }
            done += count
        }
        lseek(file, 0, SEEK_SET)

        var ends: [Int32] = [-1, -1]
        guard cfastcgi_pipe(&ends) == 0 else { throw Self.failure(errno) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this process ignores or blocks, the program must not inherit.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let arguments = CStrings(command)
        let variables = CStrings(environment)
        var pid: pid_t = 0
        let result = posix_spawn(
            &pid, command.first ?? "", &actions, &attributes, arguments.pointer, variables.pointer)
        guard result == 0 else {
            close(ends[0])
            throw Self.failure(result)
        }
        self.pid = pid
        output = ends[0]
    }

    /// Whether the program has ended. It has to be asked until it has, or else killed; and not after that.
    package func hasEnded() -> Bool {
        var status: Int32 = 0
        let result = waitpid(pid, &status, WNOHANG)
        return result == pid || (result < 0 && errno == ECHILD)
    }

    /// Ends the program at once.
    package func kill() {
        _ = Glibc.kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    }

    private static func failure(_ number: Int32) -> Failure { Failure(reason: SystemError.text(number)) }
}
