import FastCGI
import Foundation
import Glibc
import TestSupport

/// Does in a clean root what systemd does with the units that are installed there, as far as it goes without systemd: the
/// socket, which outlives the program, and the program with a user, folders and rights as the unit says.
final class InstalledService: Sendable {
    private let root: CleanRoot
    private let socket: Int32
    private let process: Locked<ChildProcess?>

    /// A user that nobody else is, as with DynamicUser.
    private static let user = "61184"
    private static let logFile = "/var/log/wechat-fcgi.test"

    init(in root: CleanRoot) throws {
        self.root = root
        let unit = try Unit(text: root.text(of: "/usr/lib/systemd/system/wechat-fcgi.socket"))
        let place = try root.path + unit["ListenStream"]
        guard try run(["install", "-d", String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)])]).status == 0
        else { throw TestError("no folder for \(place)") }
        socket = try Endpoint.unix(place).listen()
        process = Locked(nil)
        try root.run(["chgrp", unit["SocketGroup"], unit["ListenStream"]])
        try root.run(["chmod", unit["SocketMode"], unit["ListenStream"]])
        try start()
    }

    deinit {
        process.withLock { $0?.stop() }
        close(socket)
    }

    /// The file of the program that runs, as the kernel has it: the path, and whether it is there no more.
    var program: String {
        get throws {
            guard let pid = process.withLock({ $0?.pid }) else { throw TestError("the service does not run") }
            return try run(["readlink", "/proc/\(pid)/exe"]).text
        }
    }

    var log: String { process.withLock { $0?.logTail ?? "" } }

    /// How often it has logged something, since the root was made.
    func logged(_ text: String) throws -> Int {
        try root.text(of: Self.logFile).components(separatedBy: text).count - 1
    }

    /// Waits until it has logged something more often than before.
    func logs(_ text: String, moreThan before: Int) async throws -> Bool {
        try await eventually { try self.logged(text) > before }
    }

    /// The status it ends with by itself.
    var exitStatus: Int32? { process.withLock { $0?.waitForExit(within: 60) } }

    /// `systemctl restart`, but for the socket, which stays.
    func restart() throws {
        process.withLock { $0?.signal(SIGTERM) }
        guard process.withLock({ $0?.waitForExit(within: 60) }) == 0 else { throw TestError("not stopped: \(log)") }
        try start()
    }

    /// `systemctl reload`.
    func reload() throws {
        guard let pid = process.withLock({ $0?.pid }) else { throw TestError("the service does not run") }
        try root.succeed([
            "setpriv", "--reuid", Self.user, "--regid", Self.user, "--clear-groups", "sh", "-c",
            "export MAINPID=\(pid); exec \(unit["ExecReload"])",
        ])
    }

    private var unit: Unit {
        get throws { try Unit(text: root.text(of: "/usr/lib/systemd/system/wechat-fcgi.service")) }
    }

    /// Starts what does not run.
    func start() throws {
        let unit = try unit
        let groups = try unit["SupplementaryGroups"].split(separator: " ").map { name in
            let entry = try root.run(["getent", "group", String(name)]).text.split(separator: ":")
            guard entry.count > 2 else { throw TestError("systemd refuses the unit: there is no group \(name)") }
            return String(entry[2])
        }
        let (state, stateMode) = try (unit["StateDirectory"], unit["StateDirectoryMode"])
        let (core, mask) = try (unit["LimitCORE"], unit["UMask"])
        let user = Self.user
        guard try unit["ProtectSystem"] == "strict", try unit["DynamicUser"] == "yes",
            try unit["PrivateUsers"] == "yes", try unit["NoNewPrivileges"] == "yes",
            try unit["CapabilityBoundingSet"].isEmpty
        else { throw TestError("the unit has changed under the tests") }

        let prepare = """
            set -e
            install -d /var/lib/private
            install -d -o \(user) -g \(user) -m \(stateMode) /var/lib/private/\(state)
            ln -sfn private/\(state) /var/lib/\(state)
            """
        let prepared = try root.run(["sh", "-c", prepare])
        guard prepared.status == 0 else { throw TestError(prepared.errorText) }

        // The number of the process stays the same from here to the program, as LISTEN_PID wants it. In a namespace of users
        // that knows the program's alone the groups are nobody's, and still count. One cannot be made in another root.
        let script = """
            set -e
            mount --bind "$0" "$0"
            mount --bind "$0/var/lib/private/\(state)" "$0/var/lib/private/\(state)"
            mount -o remount,bind,ro "$0"
            mount -t proc proc "$0/proc"
            mount --bind /dev "$0/dev"
            mount -t tmpfs tmpfs "$0/tmp"
            ulimit -c \(core)
            umask \(mask)
            exec 3<&0 </dev/null
            export LISTEN_FDS=1 LISTEN_PID=$$
            cd "$0"
            exec setpriv --reuid \(user) --regid \(user) --groups \(groups.joined(separator: ",")) --no-new-privs \
                --bounding-set=-all --inh-caps=-all \
                unshare --user --map-user \(user) --map-group \(user) --root . --wd / "$@"
            """
        let variable = try unit["Environment"].split(separator: "=", maxSplits: 1)
        let process = try ChildProcess(
            ["unshare", "--mount", "sh", "-c", script, root.path]
                + unit["ExecStart"].split(separator: " ").map(String.init),
            environment: [
                "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "STATE_DIRECTORY": "/var/lib/\(state)",
                String(variable[0]): String(variable[1]),
            ], input: socket, log: root.path + Self.logFile)
        self.process.withLock { $0 = process }
    }
}
