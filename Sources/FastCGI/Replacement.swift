internal import CFastCGI
internal import Glibc

/// Starts the program anew on the same listener, as nginx does for SIGUSR2: the file may be a newer one by now.
enum Replacement {
    /// How long the new process may take to get ready, in milliseconds.
    private static let patience: Int32 = 60_000

    enum Failure: Error { case spawn(Int32), notReady }

    /// Starts a process with this one's arguments and environment, the listener at its descriptor 0, and waits until it
    /// says that it serves.
    /// - Returns: Its process number.
    static func start(listener: Listener) throws(Failure) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard cfastcgi_pipe(&ends) == 0 else { throw .spawn(errno) }
        defer { close(ends[0]) }
        let spawned = Result { () throws(Failure) in try spawn(listener: listener, ready: ends[1]) }
        // The new process has the only writing end now: when it ends, that shows.
        close(ends[1])
        let pid = try spawned.get()
        var entry = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        var result: Int32 = 0
        repeat { result = poll(&entry, 1, patience) } while result < 0 && errno == EINTR
        var byte: UInt8 = 0
        if result == 1, read(ends[0], &byte, 1) == 1 { return pid }
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        throw .notReady
    }

    private static func spawn(listener: Listener, ready: Int32) throws(Failure) -> Int32 {
        let readyInChild: Int32 = 3
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // In this order: the listener may be at 3.
        posix_spawn_file_actions_adddup2(&actions, listener.fileDescriptor, 0)
        posix_spawn_file_actions_adddup2(&actions, ready, readyInChild)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let arguments = CStrings(CommandLine.arguments)
        let environment = CStrings(
            CStrings.read(cfastcgi_environment())
                + Takeover.environment(readyDescriptor: readyInChild, path: listener.path))
        var pid: pid_t = 0
        guard let program = CommandLine.arguments.first else { throw .spawn(ENOENT) }
        let result = posix_spawnp(&pid, program, &actions, &attributes, arguments.pointer, environment.pointer)
        guard result == 0 else { throw .spawn(result) }
        return pid
    }
}
