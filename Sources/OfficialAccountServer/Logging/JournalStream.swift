internal import Glibc
internal import Logging

/// The journal of systemd as the standard error stream (sd-daemon(3), systemd.exec(5)).
enum JournalStream {
    /// Whether the standard error stream of this process is the journal's.
    static let isStandardError = isJournal(STDERR_FILENO, environment: .process)

    /// Whether a descriptor is the stream that the journal gave: `$JOURNAL_STREAM` names its device and inode, so that a
    /// stream that was sent elsewhere later is not taken for it.
    static func isJournal(_ descriptor: Int32, environment: ProcessEnvironment) -> Bool {
        guard let parts = environment["JOURNAL_STREAM"]?.split(separator: ":", omittingEmptySubsequences: false),
            parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1])
        else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }

    /// What a line of a level begins with: its priority, as syslog(3) has them.
    static func prefix(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "<7>"
        case .info: "<6>"
        case .notice: "<5>"
        case .warning: "<4>"
        case .error: "<3>"
        case .critical: "<2>"
        }
    }
}
