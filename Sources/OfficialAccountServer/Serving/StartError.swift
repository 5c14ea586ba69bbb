public import FastCGI
public import OfficialAccountBot

/// Why a process does not begin to serve. Its description says what to do.
public enum StartError: Error, Sendable, CustomStringConvertible {
    /// Nothing says where requests come from: no listening socket was inherited, none is to be opened, and no web
    /// server started the process.
    case nowhereToListen(usage: String)
    /// Settings or accounts are not accepted; one line each.
    case configuration([String])
    /// The socket cannot be listened on.
    case listen(ListenError)
    /// The store cannot be used.
    case store(StoreError)
    /// The system refuses what the server needs.
    case server(ServerError)

    /// The lines to show to whoever started the process.
    public var lines: [String] {
        switch self {
        case .nowhereToListen(let usage): [usage]
        case .configuration(let lines): lines
        case .listen(let error): [error.description]
        case .store(let error): ["store: \(error.description)"]
        case .server(let error): [error.description]
        }
    }

    /// The lines, each at its own line.
    public var description: String { lines.joined(separator: "\n") }

    /// The status to exit with, as sysexits.h has them: 64 for wrong use, 78 for a wrong configuration, 71 where the
    /// system refuses something.
    public var exitStatus: Int32 {
        switch self {
        case .nowhereToListen: 64
        case .configuration: 78
        case .listen, .store, .server: 71
        }
    }
}
