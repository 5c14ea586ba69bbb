internal import CFastCGI
internal import Glibc

/// A service manager's end of sd_notify(3).
package final class NotifySocket: Sendable {
    private let fd: Int32

    package init(path: String) throws {
        fd = cfastcgi_datagram_socket()
        var address = sockaddr_un()
        let length = cfastcgi_unix_address(&address, path)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(fd, $0, length) }
        }
        guard result == 0 else { throw RawConnection.Failure(description: "bind: \(String(cString: strerror(errno)))") }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(fd) }

    /// The next message; `nil` where none comes.
    package func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(fd, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }
}
