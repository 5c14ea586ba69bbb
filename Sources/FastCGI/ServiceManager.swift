internal import CFastCGI
internal import Glibc

/// Tells the service manager how the process is doing (sd_notify(3)). Without one that wants to know, nothing happens.
public enum ServiceManager {
    /// What there is to tell.
    public enum State: Sendable, Equatable {
        /// The process serves.
        case ready
        /// The process reads its configuration again; ``ready`` follows when it has.
        case reloading
        /// The process is about to end.
        case stopping
        /// Another process is the service's main one from now on.
        case mainProcess(Int32)
        /// A line for whoever asks how the service is.
        case status(String)
    }

    /// Sends a state to the socket that NOTIFY_SOCKET names.
    /// - Parameter state: What to tell.
    /// - Returns: Whether somebody was told.
    @discardableResult
    public static func notify(_ state: State) -> Bool {
        guard let name = getenv("NOTIFY_SOCKET") else { return false }
        var address = sockaddr_un()
        let length = cfastcgi_unix_address(&address, name)
        guard length > 0 else { return false }
        let fd = cfastcgi_datagram_socket()
        guard fd >= 0 else { return false }
        defer { close(fd) }
        var text = text(of: state)
        return text.withUTF8 { bytes in
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), $0, length) == bytes.count
                }
            }
        }
    }

    private static func text(of state: State) -> String {
        switch state {
        case .ready: return "READY=1"
        case .stopping: return "STOPPING=1"
        case .mainProcess(let pid): return "MAINPID=\(pid)"
        case .status(let line):
            return "STATUS=" + String(decoding: line.utf8.map { $0 == 0x0A ? 0x20 : $0 }, as: UTF8.self)
        case .reloading:
            // The manager wants to know which reload it is, by the clock that never jumps.
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return "RELOADING=1\nMONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)"
        }
    }
}
