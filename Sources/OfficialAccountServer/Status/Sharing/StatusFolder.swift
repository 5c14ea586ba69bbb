internal import Glibc

/// The folder in which the processes of one machine keep what they count where the others can read it.
///
/// It belongs to this process's user, and nobody else may even look into it: who can write there can lie about what was
/// counted, and make this process write over files. Its files:
///
/// - `NAME.lock` is held with flock(2) for as long as the process NAME lives, however it ends;
/// - `NAME.counts` is what it counted, at most a second ago;
/// - `total` is what processes counted that are gone;
/// - `lock` is held by whoever adds up.
struct StatusFolder: Sendable {
    let path: String

    /// Why a folder cannot be used, and what to do about it.
    struct Failure: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    /// The folder that is used where the setting does not say: the service manager's, else one of the user's own in
    /// memory, which is empty after a restart of the machine.
    static func standard(_ environment: ProcessEnvironment) -> String {
        let given = environment["RUNTIME_DIRECTORY"].map { String($0.prefix { $0 != ":" }) } ?? ""
        if !given.isEmpty { return given + "/status" }
        let parent = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp"
        return "\(parent)/wechat-fcgi-status-\(geteuid())"
    }

    /// Opens a folder, and makes it where it is missing.
    init(_ path: String) throws(Failure) {
        self.path = path
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw Failure(description: "\(path) cannot be made: \(Self.reason)")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw Failure(description: "\(path): \(Self.reason)") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw Failure(description: "\(path) is no folder") }
        guard status.st_uid == geteuid() else {
            throw Failure(
                description: "\(path) belongs to the user \(status.st_uid), not to \(geteuid()); name another folder")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Failure(description: "others may look into \(path): chmod 700 \(path)")
        }
    }

    private static var reason: String { strerror(errno).map { String(cString: $0) } ?? "error \(errno)" }

    /// The path of a file of the folder.
    func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// The names of the processes that have files there.
    var processes: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder), names.count < Self.mostProcesses {
            // Not the whole field, which is declared longer than the entry is.
            let field = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let name = String(cString: field.assumingMemoryBound(to: CChar.self))
            if name.hasSuffix(".lock") { names.append(String(name.dropLast(5))) }
        }
        return names.sorted()
    }

    func read(_ name: String) -> String? { SmallFile.text(self(name), limit: Self.mostBytes) }

    /// Writes a file whole or not at all.
    /// - Returns: Whether that worked.
    @discardableResult
    func write(_ text: String, to name: String) -> Bool {
        let new = self(name) + ".new"
        let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        var text = text
        let isWhole = text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return true }
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(file, base + done, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
        close(file)
        guard isWhole, rename(new, self(name)) == 0 else {
            unlink(new)
            return false
        }
        return true
    }

    func remove(_ name: String) { unlink(self(name)) }

    /// Files beyond this many, and larger ones, are no work of this program's.
    private static let mostProcesses = 4096
    private static let mostBytes = 16 << 20
}

/// A lock that ends when nothing refers to it any more, and with the process: flock(2).
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or gives up at once where somebody has it.
    init?(_ path: String) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
        descriptor = file
    }

    /// Takes the lock, and waits a little where somebody has it.
    static func take(_ path: String, milliseconds: Int) -> FileLock? {
        var pauses = milliseconds / 2
        while true {
            if let lock = FileLock(path) { return lock }
            guard pauses > 0 else { return nil }
            pauses -= 1
            usleep(2000)
        }
    }

    /// Unlocks, too: a program that is being started at this moment holds a copy of the descriptor until its exec.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
