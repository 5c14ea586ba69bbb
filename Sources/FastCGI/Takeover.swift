internal import CFastCGI
internal import Glibc

/// What a process that is being replaced tells the one it started in its place.
struct Takeover: Sendable {
    private static let readyVariable = "FASTCGI_TAKEOVER_READY_FD"
    private static let pathVariable = "FASTCGI_TAKEOVER_PATH"

    /// Where to write when this process is ready.
    let readyDescriptor: Int32
    /// The socket's file, which is this process's to remove from now on.
    let path: String?

    /// Unchecked by the compiler: written once, before the process has a second thread that could look.
    nonisolated(unsafe) private static var current: Takeover?

    /// Reads and removes the variables.
    static func fromEnvironment() -> Takeover? {
        if let current { return current }
        guard let text = getenv(readyVariable), let descriptor = Int32(String(cString: text)), descriptor > 2 else {
            return nil
        }
        let path = getenv(pathVariable).map { String(cString: $0) }
        unsetenv(readyVariable)
        unsetenv(pathVariable)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        current = Takeover(readyDescriptor: descriptor, path: path)
        return current
    }

    /// Tells the process that is being replaced that this one serves.
    static func sayReady() {
        guard let takeover = fromEnvironment() else { return }
        var byte: UInt8 = 1
        _ = write(takeover.readyDescriptor, &byte, 1)
        close(takeover.readyDescriptor)
        current = nil
    }

    static func environment(readyDescriptor: Int32, path: String?) -> [String] {
        ["\(readyVariable)=\(readyDescriptor)"] + (path.map { ["\(pathVariable)=\($0)"] } ?? [])
    }
}
