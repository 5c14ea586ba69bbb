internal import CFastCGI
internal import Glibc

/// A socket on which web servers connect.
///
/// It is a handle: copies stand for the same socket, which is closed by the server that runs on it.
public struct Listener: Sendable {
    /// The descriptor.
    public let fileDescriptor: Int32
    /// The file of a Unix socket that this process is to remove when it ends.
    let path: String?
    /// Whether this process opened it, so that no other has it unless it was given on.
    let isOwn: Bool

    init(fileDescriptor: Int32, path: String?, isOwn: Bool) {
        self.fileDescriptor = fileDescriptor
        self.path = path
        self.isOwn = isOwn
    }

    /// Removes the file of a Unix socket of this process's own.
    func removePath() {
        if let path { unlink(path) }
    }

    /// Closes the descriptor in this process.
    func close() { _ = Glibc.close(fileDescriptor) }
}

extension Listener {
    /// The port, where it listens on TCP: of use where it was opened with port 0, for which the system chooses one.
    public var port: UInt16? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
                guard getsockname(fileDescriptor, address, &length) == 0 else { return nil }
                // The port is at the same place for both families.
                guard [AF_INET, AF_INET6].contains(Int32(address.pointee.sa_family)) else { return nil }
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin_port)
                }
            }
        }
    }
}
