import FastCGI
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
    private static let credentials = "/run/credentials/wechat-fcgi.service"

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
        // As systemd removes what it made for the service, but for its state.
        _ = try? root.run(["rm", "-rf", Self.credentials])
    }

    /// The file of the program that runs, as the kernel has it: the path, and whether it is there no more.
    var program: String {
        get throws {
            guard let pid = process.withLock({ $0?.pid }) else { throw TestError("the service does not run") }
            return try run(["readlink", "/proc/\(pid)/exe"]).text
        }
    }

    var log: String { process.withLock { $0?.logTail ?? "" } }

    /// `systemctl restart`, but for the socket, which stays.
    func restart() throws {
        process.withLock { $0?.signal(SIGTERM) }
        guard process.withLock({ $0?.waitForExit(within: 60) }) == 0 else { throw TestError("not stopped: \(log)") }
        try start()
    }

    private func start() throws {
        let unit = try Unit(text: root.text(of: "/usr/lib/systemd/system/wechat-fcgi.service"))
        let credential = try unit["LoadCredential"].split(separator: ":").map(String.init)
        let (state, stateMode) = try (unit["StateDirectory"], unit["StateDirectoryMode"])
        let (core, mask) = try (unit["LimitCORE"], unit["UMask"])
        let (user, credentials) = (Self.user, Self.credentials)
        guard credential.count == 2, try unit["ProtectSystem"] == "strict", try unit["DynamicUser"] == "yes",
            try unit["NoNewPrivileges"] == "yes", try unit["CapabilityBoundingSet"].isEmpty
        else { throw TestError("the unit has changed under the tests") }

        let prepare = """
            set -e
            install -d \(credentials) /var/lib/private
            install -o \(user) -m 400 \(credential[1]) \(credentials)/\(credential[0])
            install -d -o \(user) -g \(user) -m \(stateMode) /var/lib/private/\(state)
            ln -sfn private/\(state) /var/lib/\(state)
            """
        let prepared = try root.run(["sh", "-c", prepare])
        guard prepared.status == 0 else { throw TestError(prepared.errorText) }

        // The number of the process stays the same from here to the program, as LISTEN_PID wants it.
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
            exec chroot "$0" setpriv --reuid \(user) --regid \(user) --clear-groups --no-new-privs \
                --bounding-set=-all --inh-caps=-all "$@"
            """
        let variable = try unit["Environment"].replacing("%d", with: credentials).split(separator: "=", maxSplits: 1)
        let process = try ChildProcess(
            ["unshare", "--mount", "sh", "-c", script, root.path]
                + unit["ExecStart"].split(separator: " ").map(String.init),
            environment: [
                "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "STATE_DIRECTORY": "/var/lib/\(state)",
                String(variable[0]): String(variable[1]),
            ], input: socket, log: "\(root.path)/var/log/wechat-fcgi.test")
        self.process.withLock { $0 = process }
    }
}
