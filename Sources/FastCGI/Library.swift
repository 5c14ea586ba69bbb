internal import CFastCGI
internal import Glibc

/// libfcgi's own state, of which a process has one.
enum Library {
    private static let isInitialized: Bool = {
        cfastcgi_init()
        _ = cfastcgi_ignore_signal(SIGPIPE)
        return true
    }()

    /// Makes libfcgi ready, once; SIGPIPE is ignored from then on.
    static func initialize() { _ = isInitialized }
}
