internal import Glibc

/// Reads small files whole, and large ones not at all.
package enum BoundedFile {
    /// Why a file was not read.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case cannotOpen(errno: Int32)
        case cannotRead(errno: Int32)
        case tooLarge(limit: Int)

        package var description: String {
            switch self {
            case .cannotOpen(let number): "cannot be opened: \(String(cString: strerror(number)))"
            case .cannotRead(let number): "cannot be read: \(String(cString: strerror(number)))"
            case .tooLarge(let limit): "is larger than the \(limit) bytes that are read"
            }
        }
    }

    /// The bytes of a file.
    /// - Parameters:
    ///   - path: Its path. What is no regular file, such as a pipe, is read to its end all the same.
    ///   - limit: The most bytes it may have.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .cannotOpen(errno: errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .cannotRead(errno: errno)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }
}
