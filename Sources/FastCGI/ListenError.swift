/// Why a server cannot listen, and what to do about it.
public enum ListenError: Error, Sendable, Equatable {
    /// The text is no address.
    case malformedAddress(String)
    /// The path of a Unix socket is longer than the system takes.
    case pathTooLong(String)
    /// Another process answers there.
    case inUse(String)
    /// There is a file that is not a socket; it is never removed.
    case notASocket(String)
    /// The folder that a Unix socket is to be in is not there.
    case noFolder(String)
    /// There is no such group.
    case unknownGroup(String)
    /// The descriptor that should be a listening socket is none.
    case notListening(Int32)
    /// A call of the system's failed.
    case system(operation: String, address: String, errno: Int32)
}

extension ListenError: CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var description: String {
        switch self {
        case .malformedAddress(let text):
            "'\(text)' is no address to listen on: write unix:/run/NAME.sock, 127.0.0.1:9000 or [::1]:9000"
        case .pathTooLong(let path):
            "the path of a Unix socket may have 107 bytes, and '\(path)' has \(path.utf8.count)"
        case .inUse(let address): "another process listens on \(address): stop it, or listen somewhere else"
        case .notASocket(let path): "'\(path)' is there and is not a socket: remove it, or listen somewhere else"
        case .noFolder(let path):
            "the folder of '\(path)' is not there: make it (install -d), owned by the user that is to listen"
        case .unknownGroup(let name): "there is no group '\(name)' to give the socket to"
        case .notListening(let descriptor): "descriptor \(descriptor) is not a listening socket"
        case .system(let operation, let address, let number):
            "cannot listen on \(address): \(operation): \(SystemError.text(number))"
        }
    }
}
