internal import CProcess
internal import Glibc

/// What `/proc` says of a process of this user (proc(5)).
struct ProcessEntry {
    let process: pid_t
    let parent: pid_t
    let group: pid_t
    let session: pid_t
    /// When it was started, in ticks since the machine was.
    let start: UInt64
    /// Whether it only waits to be noticed by its parent.
    let isDead: Bool

    /// - Returns: `nil` where there is no such process any more.
    init?(_ process: pid_t) {
        guard let text = Self.read("/proc/\(process)/stat", limit: 1024),
            // The name before may hold anything, blanks and parentheses too.
            let end = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 20)
        func number<Value: FixedWidthInteger>(_ field: Int) -> Value? {
            Value(String(decoding: fields[field], as: UTF8.self))
        }
        guard fields.count > 20, let parent: pid_t = number(1), let group: pid_t = number(2),
            let session: pid_t = number(3), let start: UInt64 = number(19)
        else { return nil }
        self.process = process
        self.parent = parent
        self.group = group
        self.session = session
        self.start = start
        isDead = fields[0].first == UInt8(ascii: "Z") || fields[0].first == UInt8(ascii: "X")
    }

    /// Sends a signal to the process, and to no other that has come to have its number.
    func send(_ signal: Int32) {
        let descriptor = cprocess_open(process)
        // Before Linux 5.3 there are none.
        guard descriptor >= 0 else {
            if errno == ENOSYS { kill(process, signal) }
            return
        }
        defer { close(descriptor) }
        if ProcessEntry(process)?.start == start { _ = cprocess_signal(descriptor, signal) }
    }

    /// The processes of this user, which are those that it may signal.
    static func all() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        let user = geteuid()
        var processes: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = pid_t(name) else { continue }
            var status = stat()
            // One that is gone meanwhile stays on the list: who looks for all has to know of it.
            if stat("/proc/\(name)", &status) != 0 || status.st_uid == user { processes.append(process) }
        }
        return processes
    }

    /// The process that was started last, as the end of `/proc/loadavg` has it; `nil` where that cannot be read.
    static func latest() -> pid_t? {
        read("/proc/loadavg", limit: 128)?.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.last
            .flatMap { pid_t(String(decoding: $0, as: UTF8.self)) }
    }

    /// Its environment as it was when it became this program; empty where it cannot be read.
    var environment: [UInt8] { Self.read("/proc/\(process)/environ", limit: 1 << 17) ?? [] }

    private static func read(_ path: String, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var size = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while size < limit {
                let read = Glibc.read(file, buffer.baseAddress.map { $0 + size }, limit - size)
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { break }
                size += read
            }
            count = size
        }
        return bytes.isEmpty ? nil : bytes
    }
}
