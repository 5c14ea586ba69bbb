internal import CFastCGI
internal import Glibc

/// Carries signals to where they can be acted on: the handler, which may do next to nothing, writes each one's number into
/// a pipe, and a worker reads it there.
struct SignalPipe: Sendable {
    /// What becomes readable when a signal came.
    let descriptor: Int32

    /// For the handler: the descriptor to write to, and how often the process was told to stop. Allocated once and never
    /// freed; a handler may interrupt anything, so it must find them without a lock.
    ///
    /// Unsafe only in that the compiler cannot know: both are written before the handlers are installed, and then only by
    /// the handlers, which block each other.
    nonisolated(unsafe) private static let state: UnsafeMutablePointer<Int32> = {
        let state = UnsafeMutablePointer<Int32>.allocate(capacity: 2)
        state[0] = -1
        state[1] = 0
        return state
    }()

    /// Installs the handlers, after libfcgi's. A second signal to stop ends the process at once, with the status 128 plus
    /// its number, as a shell would have it.
    init() throws(ServerError) {
        Library.initialize()
        var ends: [Int32] = [-1, -1]
        guard cfastcgi_pipe(&ends) == 0 else { throw ServerError(operation: "pipe", errno: errno) }
        for end in ends { _ = cfastcgi_set_nonblocking(end) }
        descriptor = ends[0]
        Self.state[0] = ends[1]
        Self.state[1] = 0
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGUSR2] {
            let installed = cfastcgi_on_signal(signal) { signal in
                let saved = errno
                if signal == SIGTERM || signal == SIGINT {
                    SignalPipe.state[1] += 1
                    if SignalPipe.state[1] > 1 { _exit(128 + signal) }
                }
                var byte = UInt8(truncatingIfNeeded: signal)
                _ = write(SignalPipe.state[0], &byte, 1)
                errno = saved
            }
            guard installed == 0 else { throw ServerError(operation: "sigaction", errno: errno) }
        }
    }

    /// The signals that came since the last time.
    func received() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return bytes.prefix(max(count, 0)).map(Int32.init)
    }
}
