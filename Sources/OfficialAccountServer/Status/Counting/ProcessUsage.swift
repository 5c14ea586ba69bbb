internal import FastCGI
internal import Glibc

/// What this process uses of the machine (proc(5)).
enum ProcessUsage {
    /// The bytes of memory that are resident; 0 where the system does not say.
    static var residentBytes: Int {
        guard let text = SmallFile.text("/proc/self/statm") else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// How many descriptors are open; 0 where the system does not say.
    static var descriptors: Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // The folder's own, `.` and `..`.
        return max(count - 3, 0)
    }
}

/// The clocks.
enum SystemClock {
    /// Seconds since 1970.
    static var seconds: Int64 { Int64(time(nil)) }

    /// Nanoseconds since some moment, for differences.
    static var nanoseconds: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}

/// Files of a few kilobytes.
enum SmallFile {
    /// What is in a file; `nil` where it cannot be read or is larger than `limit`.
    static func text(_ path: String, limit: Int = 4096) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return text(of: file, limit: limit)
    }

    /// What is left in a descriptor.
    static func text(of file: Int32, limit: Int) -> String? {
        var bytes: [UInt8] = []
        while true {
            let before = bytes.count
            var count = 0
            bytes += [UInt8](unsafeUninitializedCapacity: 16384) { buffer, initialized in
                count = read(file, buffer.baseAddress, buffer.count)
                initialized = max(count, 0)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0, bytes.count <= limit else { return nil }
            if bytes.count == before { return String(decoding: bytes, as: UTF8.self) }
        }
    }
}
