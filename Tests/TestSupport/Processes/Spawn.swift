import Glibc

/// The file descriptors a child starts with as its standard streams.
struct StandardStreams {
    var input: Int32
    var output: Int32
    var errors: Int32
}

/// Starts a program as the leader of a process group of its own, with the three standard streams and no other
/// descriptor of this process.
func spawn(
    _ arguments: [String], environment: [String: String], folder: String?, streams: StandardStreams
) throws -> pid_t {
    guard let name = arguments.first else { throw TestError("no program to start") }
    let program = try path(ofProgram: folder == nil ? name : "env")

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What the test runner ignores or blocks, a server must not inherit.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
        &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, streams.input, 0)
    posix_spawn_file_actions_adddup2(&actions, streams.output, 1)
    posix_spawn_file_actions_adddup2(&actions, streams.errors, 2)
    for descriptor in openDescriptors() where descriptor > 2 {
        posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    let command = folder.map { ["env", "--chdir=\($0)"] + arguments } ?? arguments
    let argv = command.map { strdup($0) } + [nil]
    let envp = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for string in argv + envp { free(string) } }
    var pid = pid_t()
    let error = posix_spawn(&pid, program, &actions, &attributes, argv, envp)
    guard error == 0 else { throw TestError("\(program) could not be started: \(String(cString: strerror(error)))") }
    return pid
}

func openDescriptors() -> [Int32] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var result: [Int32] = []
    while let name = nextName(in: folder) {
        if let number = Int32(name), number != dirfd(folder) { result.append(number) }
    }
    return result
}

/// The name of the next entry of a folder.
func nextName(in folder: OpaquePointer) -> String? {
    guard let entry = readdir(folder) else { return nil }
    // Not the whole field, which is declared longer than the entry is.
    let field = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
    return String(cString: field.assumingMemoryBound(to: CChar.self))
}

/// Where a program is. The web servers of Debian are in folders that a user's PATH may not name.
package func path(ofProgram name: String) throws -> String {
    if name.contains("/") { return name }
    let folders = (currentEnvironment()["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in folders + ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] where access("\(folder)/\(name)", X_OK) == 0 {
        return "\(folder)/\(name)"
    }
    throw TestError("\(name) is not installed: run deploy/test, which installs what the tests need")
}

/// The environment of the test process.
package func currentEnvironment() -> [String: String] {
    // Not `environ`, which is a variable that anyone may change.
    guard let variables = try? contents(ofFile: "/proc/self/environ") else { return [:] }
    var result: [String: String] = [:]
    for variable in variables.split(separator: 0) {
        let text = String(decoding: variable, as: UTF8.self)
        guard let equals = text.firstIndex(of: "=") else { continue }
        result[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return result
}

/// The status of an ended process as a shell gives it: its exit code, or 128 and the signal.
func shellStatus(ofWait status: Int32) -> Int32 {
    status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
}
