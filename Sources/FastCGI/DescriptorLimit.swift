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
}
