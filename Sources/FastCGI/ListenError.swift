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
    /// The user of this process may not give a Unix socket to that group.
    case notInGroup(path: String, group: String)
    /// The user of this process may not listen there.
    case notPermitted(ListenAddress)
    /// This machine does not have the address.
    case notOfThisMachine(String)
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
        case .unknownGroup(let name):
            "there is no group '\(name)' to give the socket to: name the one of the web server's processes (ps -eo group,comm)"
        case .notInGroup(let path, let group):
            "'\(path)' may be given to the group '\(group)' by root and the group's members only: make the user that this "
                + "runs as one of them (usermod -aG \(group) USER), or name no group"
        case .notPermitted(.unix(let path)):
            "the user that this runs as may not make '\(path)': give it a folder of its own (install -d -o USER FOLDER), "
                + "or listen somewhere else"
        case .notPermitted(.tcp(let host, let port)):
            "the user that this runs as may not listen on \(ListenAddress.tcp(host: host, port: port)): ports below 1024 "
                + "are root's, so take one above, such as 9000"
        case .notOfThisMachine(let address):
            "this machine does not have the address of \(address): take one that 'ip address' lists, or 127.0.0.1"
        case .notListening(let descriptor):
            "descriptor \(descriptor) is not a listening socket: hand one over, or name an address to listen on"
        case .system(let operation, let address, let number):
            "cannot listen on \(address): \(operation): \(SystemError.text(number)); "
                + "if that stays so, listen somewhere else"
        }
    }
}
