internal import FastCGI
internal import Glibc

/// Watches one file, and says when it has become another or has other content.
///
/// What is watched are the folders that lead to it (inotify(7)), since editors write a new file and rename it, and since a
/// symbolic link on the way may be turned to another folder. An event is no more than a reason to look; what counts is
/// whether the file there is still the same. Where the system tells nothing, as for a file on a network, it is looked at
/// now and then.
final class FileWatch: Sendable {
    /// How often the file is looked at without a reason, in milliseconds.
    private static let interval: Int32 = 10_000
    /// For how long a file has to stay as it is before it is taken for written, in milliseconds.
    private static let quiet: UInt32 = 150
    /// More links on the way to a file are a circle.
    private static let mostLinks = 16

    private let path: String
    private let inotify: Int32
    /// A pipe that is written to when the watch is to stop.
    private let stopping: (read: Int32, write: Int32)
    private let changed: @Sendable () -> Void

    /// Starts to watch a file.
    /// - Parameters:
    ///   - path: The file's path; it need not exist.
    ///   - changed: Called on a thread of the watch's own, once for each change; it may take its time.
    /// - Returns: `nil` where the system has no watch or no thread to give.
    init?(_ path: String, changed: @escaping @Sendable () -> Void) {
        self.path = path
        self.changed = changed
        inotify = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 { for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) } }
        stopping = (ends[0], ends[1])
        guard inotify >= 0, stopping.read >= 0 else { return nil }
        // Before the first look: what changes from here on brings an event.
        watchFolders()
        let first = FileIdentity(path)
        guard BackgroundThread.start({ [self] in run(first) }) == 0 else { return nil }
    }

    deinit {
        if inotify >= 0 { close(inotify) }
        for end in [stopping.read, stopping.write] where end >= 0 { close(end) }
    }

    /// Stops watching. A call that has begun goes on.
    func stop() { _ = write(stopping.write, [UInt8(1)], 1) }

    private func run(_ first: FileIdentity?) {
        var known = first
        while wait(Self.interval) {
            guard let found = FileIdentity(path), found != known else { continue }
            guard isQuiet(found) else { continue }
            known = found
            watchFolders()
            changed()
        }
    }

    /// Waits for a reason to look.
    /// - Returns: `false` where the watch is to stop.
    private func wait(_ milliseconds: Int32) -> Bool {
        var ready = [
            pollfd(fd: inotify, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopping.read, events: Int16(POLLIN), revents: 0),
        ]
        poll(&ready, 2, milliseconds)
        if ready[1].revents != 0 { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while read(inotify, &buffer, buffer.count) > 0 {}
        return true
    }

    /// Whether a file stays as it is for a while: one that is being written is not read half.
    private func isQuiet(_ found: FileIdentity) -> Bool {
        guard wait(0) else { return false }
        usleep(Self.quiet * 1000)
        return FileIdentity(path) == found
    }

    /// Watches the folder of the path and those of the links that it leads over. A folder that is watched already stays so.
    private func watchFolders() {
        let events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB
        var path = path
        for _ in 0..<Self.mostLinks {
            for folder in Self.folders(of: path) { inotify_add_watch(inotify, folder, UInt32(events)) }
            guard let target = Self.target(ofLinkOnTheWayTo: path) else { return }
            path = target
        }
    }

    /// The folders in which an entry of the path stands, from the last to the first but the root.
    private static func folders(of path: String) -> [String] {
        var folders: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            folders.append(rest.isEmpty ? "/" : String(rest))
            // Above its own folder only links are of interest, and they are followed one after the other.
            if folders.count == 2 { break }
        }
        return folders.isEmpty ? ["."] : folders
    }

    /// The path with its first symbolic link replaced by what it points to; `nil` where there is none.
    private static func target(ofLinkOnTheWayTo path: String) -> String? {
        var place = path.hasPrefix("/") ? "" : "."
        let parts = path.split(separator: "/")
        for (index, part) in parts.enumerated() {
            let next = place + "/" + part
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(next, &buffer, buffer.count - 1)
            guard count > 0 else {
                place = next
                continue
            }
            let target = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let rest = parts[(index + 1)...].map { "/" + $0 }.joined()
            return (target.hasPrefix("/") ? target : place + "/" + target) + rest
        }
        return nil
    }
}

/// Which file a path leads to, and which content it has, as far as the system tells them apart.
struct FileIdentity: Equatable {
    private let numbers: [Int]

    /// One behind a folder that must not be entered is a file of its own, so that it is told of, and that it can be read again.
    /// - Returns: `nil` where there is no file.
    init?(_ path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else {
            guard errno == EACCES else { return nil }
            numbers = []
            return
        }
        numbers = [
            Int(info.st_dev), Int(info.st_ino), Int(info.st_size), info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
            info.st_ctim.tv_sec, info.st_ctim.tv_nsec,
        ]
    }
}
