import Glibc
import FastCGI

/// An address on this machine that a test's server listens on.
package enum Endpoint: Sendable, CustomStringConvertible {
    case unix(String)
    case loopback(port: UInt16)
    case loopbackIPv6(port: UInt16)

    package var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .loopback(let port): "127.0.0.1:\(port)"
        case .loopbackIPv6(let port): "[::1]:\(port)"
        }
    }

    /// Whether a connection is accepted right now.
    package var answers: Bool {
        guard let connection = try? connect() else { return false }
        close(connection)
        return true
    }

    /// Opens a connection.
    /// - Parameter patience: After how many seconds reads and writes on it give up.
    package func connect(patience: Int = 30) throws -> Int32 {
        try openSocket(patience: patience) { Glibc.connect($0, $1, $2) }
    }

    /// Waits until a connection is accepted.
    package func waitUntilAnswering() throws {
        let deadline = Deadline(seconds: 30)
        while !answers {
            if deadline.hasPassed { throw TestError("nothing answers at \(self)") }
            deadline.pause()
        }
    }

    /// Makes a Unix socket's file on which nothing answers.
    ///
    /// It never listens: a program that is being started at this moment holds it until its exec.
    package func leaveStale() throws { close(try openSocket { Glibc.bind($0, $1, $2) }) }

    /// Opens a listening socket.
    package func listen() throws -> Int32 {
        let listener = try openSocket { Glibc.bind($0, $1, $2) }
        guard Glibc.listen(listener, 16) == 0 else {
            close(listener)
            throw TestError("\(self) could not be listened on: errno \(errno)")
        }
        return listener
    }

    /// A port on which nothing listens, and which no outgoing connection is given (those are above 32,767).
    ///
    /// What tries it is bound and does not listen: a program that is being started at this moment holds it for longer
    /// than we do, until its exec, and whoever listens may share the address with it (`SO_REUSEADDR`).
    package static func freePort() throws -> UInt16 {
        for _ in 0..<1000 {
            let port = UInt16.random(in: 20_000..<32_000)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            if let probe = try? Endpoint.loopback(port: port).openSocket({ Glibc.bind($0, $1, $2) }) {
                close(probe)
                return port
            }
        }
        throw TestError("no free port")
    }

    private static let given = Locked<Set<UInt16>>([])

    private func openSocket(
        patience seconds: Int = 30, _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        let family =
            switch self {
            case .unix: AF_UNIX
            case .loopback: AF_INET
            case .loopbackIPv6: AF_INET6
            }
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestError("no socket: errno \(errno)") }
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var share: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &share, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress({ call(descriptor, $0, $1) }) == 0 else {
            let number = errno
            close(descriptor)
            throw TestError("\(self): \(String(cString: strerror(number)))")
        }
        return descriptor
    }

    private func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        func pass<Address>(_ address: Address) -> Result {
            withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
        switch self {
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { room in
                precondition(path.utf8.count < room.count, "the path of a socket is too long")
                room.copyBytes(from: path.utf8)
            }
            return pass(address)
        case .loopback(let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            return pass(address)
        case .loopbackIPv6(let port):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            return pass(address)
        }
    }
}
