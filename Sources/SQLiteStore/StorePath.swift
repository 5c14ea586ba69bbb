internal import Glibc
internal import OfficialAccountBot

/// The file of a store, before SQLite sees it.
enum StorePath {
    /// Makes the file where there is none, readable for its owner only; the files that SQLite makes beside it get the same
    /// permissions.
    /// - Throws: ``StoreError`` where SQLite could not work with it, for what can be told beforehand.
    static func prepare(_ path: String) throws(StoreError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw StoreError("the path of the store is empty") }
        let folder = self.folder(of: path)
        var status = stat()
        guard stat(folder, &status) == 0 else {
            throw StoreError("store \(path): there is no folder \(folder) (\(reason(errno))): make it (mkdir -p)")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw StoreError("store \(path): \(folder) is no folder") }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw StoreError(
                "store \(path): the folder \(folder) cannot be written (\(reason(errno))): give it to this process's user, "
                    + "as two more files are kept beside the store")
        }
        // Only where there is none: closing a descriptor of a file gives up the locks that this process has on it.
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 {
            _ = Glibc.close(file)
            return
        }
        guard errno == EEXIST else { throw StoreError("store \(path): the file cannot be made (\(reason(errno)))") }
        guard stat(path, &status) == 0 else {
            throw StoreError("store \(path): the link leads nowhere (\(reason(errno))): remove it")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError("store \(path): this is no file: name one, or one that is to be made")
        }
        guard access(path, R_OK | W_OK) == 0 else {
            throw StoreError(
                "store \(path): the file cannot be read and written (\(reason(errno))): give it to this process's user")
        }
    }

    /// Which file is at a path.
    static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        return stat(path, &status) == 0 ? FileIdentity(device: status.st_dev, number: status.st_ino) : nil
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}

/// A file, whatever its name is.
struct FileIdentity: Equatable {
    let device: dev_t
    let number: ino_t
}
