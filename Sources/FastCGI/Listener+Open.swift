internal import CFastCGI
internal import Glibc

extension Listener {
    /// Opens a listening socket.
    /// - Parameters:
    ///   - address: Where.
    ///   - socketMode: The permissions of a Unix socket's file. It never has more, not even for a moment.
    ///   - socketGroup: The group that a Unix socket's file is given to, by name or number; usually the web server's.
    ///   - backlog: How many connections may wait to be accepted; the system may allow fewer.
    /// - Throws: ``ListenError``. A Unix socket's file that is there is replaced only when it is a socket on which nothing
    ///   answers.
    public static func open(
        _ address: ListenAddress, socketMode: UInt32 = 0o660, socketGroup: String? = nil, backlog: Int32 = 1024
    ) throws(ListenError) -> Listener {
        switch address {
        case .unix(let path):
            try openUnix(path, name: address.description, mode: socketMode, group: socketGroup, backlog: backlog)
        case .tcp(let host, let port):
            try openTCP(host, port, name: address.description, backlog: backlog)
        }
    }

    private static func openUnix(
        _ path: String, name: String, mode: UInt32, group: String?, backlog: Int32
    ) throws(ListenError) -> Listener {
        let groupID: gid_t? = if let group { try Self.groupID(group) } else { nil }
        var address = sockaddr_un()
        let length = cfastcgi_unix_address(&address, path)
        guard length > 0 else { throw .pathTooLong(path) }
        let isFile = !path.hasPrefix("@")
        if isFile { try removeStale(path, name: name) }
        let fd = try socket(Int32(AF_UNIX), name: name)
        var isBound = false
        do throws(ListenError) {
            // The file gets its permissions when it is made: nobody may connect in between. The mask is the process's own,
            // so a file that another thread makes at this moment gets it too; it only ever takes permissions away.
            let mask = umask(0o777 & ~(mode & (group == nil ? 0o777 : 0o700)))
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(fd, $0, length) }
            }
            let error = errno
            umask(mask)
            guard bound == 0 else {
                switch error {
                case EADDRINUSE: throw ListenError.inUse(name)
                case ENOENT, ENOTDIR: throw ListenError.noFolder(path)
                case EACCES, EPERM, EROFS: throw ListenError.notPermitted(.unix(path))
                default: throw failure("bind", name, error)
                }
            }
            isBound = true
            if isFile, let group, let groupID {
                guard chown(path, gid_t.max, groupID) == 0 else {
                    throw errno == EPERM ? .notInGroup(path: path, group: group) : failure("chown", name)
                }
                guard chmod(path, mode) == 0 else { throw failure("chmod", name) }
            }
            guard listen(fd, backlog) == 0 else { throw failure("listen", name) }
        } catch {
            // Nobody is to find a socket there on which nothing will ever answer.
            if isBound, isFile { unlink(path) }
            _ = Glibc.close(fd)
            throw error
        }
        return Listener(fileDescriptor: fd, path: isFile ? path : nil, isOwn: true)
    }

    /// Removes the file of a socket on which nothing answers.
    private static func removeStale(_ path: String, name: String) throws(ListenError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        let probe = try socket(Int32(AF_UNIX), name: name)
        defer { _ = Glibc.close(probe) }
        var address = sockaddr_un()
        let length = cfastcgi_unix_address(&address, path)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, length) }
        }
        // Anything but "nothing answers" means that somebody may: a full backlog, for one, is EAGAIN.
        guard connected != 0, errno == ECONNREFUSED else { throw .inUse(name) }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw [EACCES, EPERM, EROFS].contains(errno) ? .notPermitted(.unix(path)) : failure("unlink", name)
        }
    }

    private static func openTCP(
        _ host: String, _ port: UInt16, name: String, backlog: Int32
    ) throws(ListenError) -> Listener {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else { throw .malformedAddress(name) }
        defer { freeaddrinfo(found) }
        let fd = try socket(found.pointee.ai_family, name: name)
        do throws(ListenError) {
            var on: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, size)
            // Accepted sockets inherit it: an answer goes out in one piece, and its last part should not wait.
            setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
            if found.pointee.ai_family == AF_INET6 { setsockopt(fd, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size) }
            guard bind(fd, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0, listen(fd, backlog) == 0 else {
                switch errno {
                case EADDRINUSE: throw ListenError.inUse(name)
                case EACCES, EPERM: throw ListenError.notPermitted(.tcp(host: host, port: port))
                case EADDRNOTAVAIL: throw ListenError.notOfThisMachine(name)
                default: throw failure("bind", name)
                }
            }
        } catch {
            _ = Glibc.close(fd)
            throw error
        }
        return Listener(fileDescriptor: fd, path: nil, isOwn: true)
    }

    private static func socket(_ family: Int32, name: String) throws(ListenError) -> Int32 {
        let fd = cfastcgi_socket(family)
        guard fd >= 0 else { throw failure("socket", name) }
        return fd
    }

    private static func failure(_ operation: String, _ name: String, _ error: Int32 = errno) -> ListenError {
        .system(operation: operation, address: name, errno: error)
    }

    private static func groupID(_ name: String) throws(ListenError) -> gid_t {
        if let number = gid_t(name) { return number }
        guard let group = getgrnam(name) else { throw .unknownGroup(name) }
        return group.pointee.gr_gid
    }
}
