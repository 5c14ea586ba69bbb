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
