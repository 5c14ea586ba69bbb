internal import Glibc

/// How many descriptors this process may have open (getrlimit(2), RLIMIT_NOFILE).
enum DescriptorLimit {
    /// Raises the limit to what the process is allowed without asking anybody. What it begins with is a compromise for
    /// programs that call select(2), and a server with a thousand waiting requests is past it.
    static func raise() {
        let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }

    /// The first descriptor that no connection is to have: the last quarter, 256 at most, is for handlers. They may need
    /// some to answer at all, and libraries of theirs, Swift's own timers among them, end a process that cannot have them.
    static var firstReserved: Int32 {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return .max }
        let count = Int32(clamping: limit.rlim_cur)
        return count - min(count / 4, 256)
    }
}
