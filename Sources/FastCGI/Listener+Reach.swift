internal import CFastCGI
internal import Glibc

extension Listener {
    /// The address and port where other machines may connect, as in `0.0.0.0:9000`, whoever opened the socket; `nil` where
    /// only this machine's processes can: on a Unix socket, and on an address of the loopback network.
    public var addressForOtherMachines: ListenAddress? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // Longer than any address in digits, with the name of an interface behind it.
        var text = [CChar](repeating: 0, count: 128)
        let isTCP = withUnsafeMutablePointer(to: &address) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(fileDescriptor, address, &length) == 0,
                    [AF_INET, AF_INET6].contains(Int32(address.pointee.sa_family))
                else { return false }
                return getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            }
        }
        guard isTCP, let port else { return nil }
        let host = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let isLoopback = host == "::1" || host.hasPrefix("127.") || host.hasPrefix("::ffff:127.")
        return isLoopback ? nil : .tcp(host: host, port: port)
    }
}
