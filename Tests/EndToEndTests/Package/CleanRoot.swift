import Glibc
import TestSupport

/// A Debian of its own in a folder, of the suite and from the archive that this machine has its packages from, with nginx
/// and nothing else beside what every Debian has.
///
/// What runs in it sees mounts that nobody else does and that end with it, so that none is ever left behind.
final class CleanRoot: Sendable {
    let path: String
    private let folder: TemporaryFolder

    /// Copies the one that was made first.
    init() throws {
        folder = try TemporaryFolder()
        path = folder("r")
        let copy = try TestSupport.run(["cp", "-a", "--reflink=auto", Self.first.get().path, path], within: 600)
        guard copy.status == 0 else { throw TestError(copy.errorText) }
    }

    /// Made by the first test that needs it, which takes minutes; removed when the test process ends.
    private static let first = Result { try CleanRoot(from: Archive()) }

    private init(from archive: Archive) throws {
        guard geteuid() == 0 else {
            throw TestError(
                "a clean root is made by root: run deploy/test as root, or leave this suite out with "
                    + "WECHAT_TESTS_WITHOUT_PACKAGE=1")
        }
        guard try TestSupport.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).status == 0 else {
            throw TestError(
                "a clean root needs mounts, which this container forbids: start it with CAP_SYS_ADMIN, or leave this "
                    + "suite out with WECHAT_TESTS_WITHOUT_PACKAGE=1")
        }
        folder = try TemporaryFolder()
        path = folder("r")
        let log = folder("debootstrap.log")
        let debootstrap = try ChildProcess(
            [
                "unshare", "--mount", try TestSupport.path(ofProgram: "debootstrap"), "--variant=minbase",
                "--include=nginx", archive.suite, path, archive.address,
            ], environment: Self.environment, log: log)
        guard debootstrap.waitForExit(within: 1200) == 0 else {
            throw TestError("debootstrap from \(archive.address): \(debootstrap.logTail)")
        }
        // Nothing here is worth waiting for a disk.
        try folder.write("force-unsafe-io\n", to: "r/etc/dpkg/dpkg.cfg.d/tests")
        removeFile("\(path)/etc/nginx/sites-enabled/default")
        let update = try run(["apt-get", "update", "-q"])
        guard update.status == 0 else { throw TestError(update.errorText) }
    }

    /// Runs a command in the root to its end.
    @discardableResult
    func run(_ command: [String]) throws -> Outcome {
        try TestSupport.run(inside(command), environment: Self.environment, within: 600)
    }

    /// Starts a command in the root.
    func start(_ command: [String]) throws -> ChildProcess {
        try ChildProcess(inside(command), environment: Self.environment, log: folder("\(command[0]).log"))
    }

    /// Copies a file of this machine into the root's folder for temporary files.
    /// - Returns: Its path in the root.
    func bring(_ file: String) throws -> String {
        let place = "/tmp/\(file.split(separator: "/").last ?? "")"
        guard try TestSupport.run(["cp", file, path + place]).status == 0 else { throw TestError("no copy of \(file)") }
        return place
    }

    /// Writes a file in the root.
    func write(_ text: String, to file: String, mode: mode_t = 0o644) throws {
        try folder.write(text, to: "r\(file)", mode: mode)
    }

    /// Changes a file in the root as its owner does with an editor.
    func edit(_ file: String, _ old: String, to new: String) throws {
        let before = try text(of: file)
        guard before.contains(old) else { throw TestError("\(file) has no \(old)") }
        var status = stat()
        stat(path + file, &status)
        try write(before.replacing(old, with: new), to: file, mode: status.st_mode & 0o777)
    }

    func text(of file: String) throws -> String { try TestSupport.text(ofFile: path + file) }
    func has(_ file: String) -> Bool { fileExists(path + file) }

    /// Everything in the root that a package could leave, but for what dpkg and apt note down.
    func files() throws -> Set<String> {
        let skipped = ["/proc", "/dev", "/tmp", "/var/lib/dpkg", "/var/cache", "/var/lib/apt", "/var/log"]
        let outcome = try TestSupport.run(
            ["find", ".", "("] + skipped.flatMap { ["-path", ".\($0)", "-o"] }
                + ["-false", ")", "-prune", "-o", "-printf", "/%P\\n"],
            in: path)
        return Set(outcome.text.split(separator: "\n").map(String.init))
    }

    /// What the packages have that are installed in the root.
    func filesOfPackages() throws -> Set<String> {
        let lists = try run(["sh", "-c", "cat /var/lib/dpkg/info/*.list"]).text.split(separator: "\n").map(String.init)
        // /lib is a link to /usr/lib, and packages say either.
        return Set(lists + lists.map { "/usr\($0)" })
    }

    private func inside(_ command: [String]) -> [String] {
        let script = """
            set -e
            mount -t proc proc "$0/proc"
            mount --bind /dev "$0/dev"
            exec chroot "$0" "$@"
            """
        return ["unshare", "--mount", "sh", "-c", script, path] + command
    }

    /// That of an administrator, and of the machine what says how to reach the archive.
    private static var environment: [String: String] {
        currentEnvironment().filter { $0.key.lowercased().hasSuffix("_proxy") }.merging([
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
            "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
        ]) { $1 }
    }
}

/// Where this machine has its packages from.
private struct Archive {
    let suite: String
    let address: String

    init() throws {
        let release = try text(ofFile: "/etc/os-release").split(separator: "\n")
        guard let name = release.first(where: { $0.hasPrefix("VERSION_CODENAME=") })?.dropFirst(17) else {
            throw TestError("/etc/os-release has no VERSION_CODENAME: the package is tested on Debian")
        }
        suite = name.filter { $0 != "\"" }
        let targets = try run([
            "apt-get", "indextargets", "--format", "$(REPO_URI)", "Release: \(suite)", "Component: main",
            "Created-By: Packages",
        ])
        guard let first = targets.text.split(separator: "\n").first else {
            throw TestError("apt knows no archive of \(suite): add one to /etc/apt")
        }
        address = String(first)
    }
}
