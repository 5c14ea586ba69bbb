internal import FastCGI
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Why no connection comes about, as the system says it.
struct ConnectionFailure {
    /// What errno(3) is after each address that was tried.
    let numbers: [Int32]
    /// Whether nobody answered in time.
    let isTimeout: Bool
    /// The reason for people.
    let reason: String

    /// - Parameter error: What SwiftNIO throws.
    init(_ error: any Error) {
        let failures = (error as? NIOConnectionError)?.connectionErrors.map(\.error) ?? [error]
        numbers = failures.compactMap { ($0 as? IOError)?.errnoCode }
        isTimeout =
            failures.contains { if case ChannelError.connectTimeout = $0 { true } else { false } }
            || numbers.contains(ETIMEDOUT)
        reason = numbers.first.map { String(cString: strerror($0)) } ?? "\(type(of: error))"
    }
}

extension DeliveryFault {
    /// Why a FastCGI server cannot be reached.
    /// - Parameters:
    ///   - address: Where it listens.
    ///   - error: What SwiftNIO throws.
    static func noConnection(to address: ListenAddress, _ error: any Error) -> DeliveryFault {
        let failure = ConnectionFailure(error)
        let compare = "compare the \(address.isSocket ? "path" : "address") with the one that it listens at"
        if failure.numbers.contains(where: [EACCES, EPERM].contains) {
            return .unreachable(
                "this user may not connect to \(address): \(failure.reason)",
                advice: "run this as root or as a user of the socket's group (sudo -u www-data …), or let this user in "
                    + "with the program's socket_mode and socket_group")
        }
        if failure.numbers.contains(where: [ENOENT, ENOTDIR].contains) {
            return .unreachable("there is no socket \(address)", advice: "start the program, and \(compare)")
        }
        if failure.numbers.contains(ECONNREFUSED) {
            return .unreachable("nothing listens at \(address)", advice: "start the program, and \(compare)")
        }
        if failure.isTimeout {
            return .unreachable("\(address) does not answer", advice: "\(compare), and look at the firewall")
        }
        return .unreachable("no connection to \(address): \(failure.reason)", advice: compare)
    }
}

extension ListenAddress {
    fileprivate var isSocket: Bool { if case .unix = self { true } else { false } }
}
