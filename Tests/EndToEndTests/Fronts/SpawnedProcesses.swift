import Glibc
import TestSupport

/// Several processes of the program on one socket, started by deploy/spawn-fcgi/wechat-fcgi.
final class SpawnedProcesses: Sendable {
    let endpoint: Endpoint
    /// What the file of process ids has.
    let pids: [pid_t]
    private let folder: TemporaryFolder
    /// Kept, since its end is that of its process group too: on a busy machine the youngest process is still in that.
    private let starter: ChildProcess

    init(_ count: Int) throws {
        folder = try TemporaryFolder()
        try folder.make(folder: "run", mode: 0o755)
        endpoint = .unix(folder("run/s"))
        starter = try ChildProcess(
            [Checkout.deploy("spawn-fcgi/wechat-fcgi")],
            environment: programEnvironment([
                "WECHAT_TOKEN": Account.single.token, "WECHAT_SOCKET": folder("run/s"),
                "WECHAT_PID_FILE": folder("run/pid"), "WECHAT_PROGRAM": Program.path, "WECHAT_PROCESSES": "\(count)",
            ]), log: folder("log"))
        guard starter.waitForExit(within: 60) == 0 else { throw TestError("spawn-fcgi: \(starter.logTail)") }
        pids = try text(ofFile: folder("run/pid")).split { $0.isWhitespace }.compactMap { pid_t($0) }
        for pid in pids { try stopWithTests(group: pid) }
    }

    deinit { for pid in pids { kill(pid, SIGTERM) } }
}
