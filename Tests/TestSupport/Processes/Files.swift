import Glibc

/// Whether there is anything at a path, be it a link that leads nowhere.
package func fileExists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
}

/// Makes an empty file.
package func makeEmptyFile(_ path: String) { close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)) }

/// Removes a file, where there is one.
package func removeFile(_ path: String) { unlink(path) }
