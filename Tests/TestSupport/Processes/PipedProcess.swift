internal import CFastCGI
internal import Dispatch
internal import Glibc

/// A program whose standard streams a test holds, and that does not outlive it. For servers that write to a file there is
/// ``ChildProcess``.
package final class PipedProcess: Sendable {
    package enum Input: Sendable {
        /// Nothing: `/dev/null`.
        case null
        /// No descriptor 0 at all.
        case closed
        /// These bytes, then its end.
        case bytes([UInt8])
        /// This descriptor.
        case descriptor(Int32)
    }

    package let pid: Int32
    private let output: Int32
    private let errors: Int32
    private let state = DispatchQueue(label: "PipedProcess")
    nonisolated(unsafe) private var status: Int32?

    /// The folder that holds the products of the build these tests are part of.
    package static var productsFolder: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        var path = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The tests run from a bundle in that folder, or from a runner beside the toolchain that was told where it is.
        if let bundle = CommandLine.arguments.first(where: { $0.hasSuffix(".xctest") }), bundle.contains("/") {
            path = bundle
        }
        return String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    }

    /// Starts a program. Its standard output and standard error are kept for the test to read.
    /// - Parameters:
    ///   - environment: All of its environment.
    ///   - inherited: Descriptors to pass on: which, and what number the program sees.
    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], input: Input = .null,
        inherited: [(descriptor: Int32, number: Int32)] = []
    ) throws {
        var outputEnds: [Int32] = [-1, -1]
        var errorEnds: [Int32] = [-1, -1]
        var inputEnds: [Int32] = [-1, -1]
        _ = cfastcgi_pipe(&outputEnds)
        _ = cfastcgi_pipe(&errorEnds)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        switch input {
        case .null: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        case .closed: posix_spawn_file_actions_addclose(&actions, 0)
        case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
        case .bytes:
            _ = cfastcgi_pipe(&inputEnds)
            posix_spawn_file_actions_adddup2(&actions, inputEnds[0], 0)
        }
        posix_spawn_file_actions_adddup2(&actions, outputEnds[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errorEnds[1], 2)
        for pair in inherited { posix_spawn_file_actions_adddup2(&actions, pair.descriptor, pair.number) }
        let numbers = inherited.map(\.number)
        for descriptor in openDescriptors() where descriptor > 2 && !numbers.contains(descriptor) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for string in argv + envp { free(string) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var pid: pid_t = 0
        let result = posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
        close(outputEnds[1])
        close(errorEnds[1])
        output = outputEnds[0]
        errors = errorEnds[0]
        self.pid = pid
        if inputEnds[0] >= 0 { close(inputEnds[0]) }
        guard result == 0 else {
            throw TestError("\(program): \(String(cString: strerror(result)))")
        }
        try Guardian.started(pid)
        if case .bytes(let bytes) = input {
            let end = inputEnds[1]
            DispatchQueue.global().async {
                signal(SIGPIPE, SIG_IGN)
                _ = write(end, bytes, bytes.count)
                close(end)
            }
        }
    }

    deinit {
        if status == nil {
            kill(pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        try? Guardian.ended(pid)
        close(output)
        close(errors)
    }

    package func send(signal: Int32) { kill(pid, signal) }

    /// Waits for its end.
    /// - Returns: Its exit status; for one that a signal ended, 128 and the signal's number, as a shell says it.
    package func exitStatus() async -> Int32 {
        await withCheckedContinuation { continuation in
            state.async { [self] in
                if status == nil {
                    var raw: Int32 = 0
                    while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
                    status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + (raw & 0x7F)
                }
                continuation.resume(returning: status ?? -1)
            }
        }
    }

    /// All that it writes to standard output, up to its end.
    package func standardOutput() async -> [UInt8] { await Self.readAll(output) }
    /// All that it writes to standard error, up to its end.
    package func standardError() async -> String { String(decoding: await Self.readAll(errors), as: UTF8.self) }

    private static func readAll(_ descriptor: Int32) async -> [UInt8] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var all: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 65536)
                while true {
                    let count = read(descriptor, &chunk, chunk.count)
                    if count < 0 && errno == EINTR { continue }
                    guard count > 0 else { break }
                    all += chunk[..<count]
                }
                continuation.resume(returning: all)
            }
        }
    }
}
