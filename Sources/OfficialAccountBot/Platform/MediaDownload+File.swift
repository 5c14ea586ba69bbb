internal import Glibc

extension MediaDownload {
    /// Writes all of it to a new file that only this user can read (mode 0600). Where it fails, no file is left.
    /// - Parameter path: The file's path. Nothing may be there yet.
    /// - Throws: ``PlatformError`` where the medium could not be read, ``MediaFileError`` where the file could not be
    ///   written.
    public func write(toFile path: String) async throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw MediaFileError("created", errno) }
        do {
            var iterator = pieces.makeAsyncIterator()
            while let piece = try await Self.next(&iterator) { try write(piece, file) }
        } catch {
            close(file)
            unlink(path)
            throw error
        }
        // Some file systems say only here that a disk is full.
        guard close(file) == 0 else {
            let code = errno
            unlink(path)
            throw MediaFileError("written", code)
        }
    }

    private func write(_ piece: [UInt8], _ file: Int32) throws(MediaFileError) {
        var rest = piece[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw MediaFileError("written", errno) }
            rest = rest.dropFirst(count)
        }
    }
}

/// Why a medium could not be kept in a file.
public struct MediaFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The system's number for it.
    public let errno: Int32
    /// What went wrong; without the path, which the caller knows.
    public let description: String

    init(_ what: String, _ errno: Int32) {
        self.errno = errno
        description = "the medium's file could not be \(what): \(String(cString: strerror(errno)))"
    }
}
