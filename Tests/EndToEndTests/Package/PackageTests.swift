import FastCGI
import Foundation
import TestSupport
import Testing

/// The Debian package, in a clean root that debootstrap makes. That takes minutes, root, mounts and the machine's archive:
/// WECHAT_TESTS_WITHOUT_PACKAGE in the environment leaves it out.
@Suite(
    "The Debian package", .serialized,
    .enabled(if: currentEnvironment()["WECHAT_TESTS_WITHOUT_PACKAGE"] == nil))
struct PackageTests {
    @Test("has the program, its units, the web servers' files, manual and completions, all of them root's")
    func contents() throws {
        let package = try BuiltPackage.old.get()
        let lines = try run(["dpkg-deb", "--contents", package]).text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.contains(" root/root ") })
        for file in [
            "usr/bin/wechat-fcgi", "usr/lib/systemd/system/wechat-fcgi.service",
            "usr/lib/systemd/system/wechat-fcgi.socket", "etc/nginx/snippets/wechat-accounts.conf",
            "etc/nginx/conf.d/wechat-upstream.conf", "etc/apache2/conf-available/wechat.conf",
            "usr/share/man/man1/wechat-fcgi.1.gz", "usr/share/bash-completion/completions/wechat-fcgi",
            "usr/share/zsh/vendor-completions/_wechat-fcgi", "usr/share/fish/vendor_completions.d/wechat-fcgi.fish",
            "usr/share/doc/wechat-fcgi/copyright", "usr/share/doc/wechat-fcgi/changelog.gz",
            "usr/share/doc/wechat-fcgi/examples/echo.yaml",
        ] {
            #expect(lines.contains { $0.contains(" ./\(file)") }, "\(file)")
        }
        // What an owner's secrets go into.
        for (rights, file) in [
            ("drwxr-x---", "etc/wechat-fcgi/"), ("-rw-r-----", "etc/wechat-fcgi/wechat-fcgi.yaml"),
            ("-rw-------", "etc/nginx/snippets/wechat.conf"),
            ("-rw-------", "etc/apache2/conf-available/wechat-account.conf"),
        ] {
            #expect(lines.contains { $0.hasPrefix("\(rights) ") && $0.hasSuffix(" ./\(file)") }, "\(file)")
        }
        let settings = try run(["dpkg-deb", "--info", package, "conffiles"]).text.split(separator: "\n")
        #expect(settings.contains("/etc/wechat-fcgi/wechat-fcgi.yaml"))
        #expect(settings.contains("/etc/nginx/snippets/wechat.conf"))
        #expect(try run(["dpkg-deb", "--field", package, "Depends"]).text.contains("libc6 (>= "))
    }

    @Test("is the same, byte for byte, when it is built again")
    func reproducible() throws {
        let again = try BuiltPackage.build(version: "0.1.0", to: "again")
        #expect(try run(["cmp", BuiltPackage.old.get(), again]).status == 0)
    }

    @Test("Debian's own check finds nothing wrong with it")
    func lintian() throws {
        // What a program brings along that was not built for release.
        let debugging = "custom-library-search-path,embedded-library,hardening-no-relro,unstripped-static-library"
        let outcome = try run(
            [
                path(ofProgram: "lintian"), "--allow-root", "--no-cfg", "--fail-on", "error,warning",
                "--suppress-tags", debugging, BuiltPackage.old.get(),
            ], within: 600)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
    }

    @Test("installed in a clean root, it answers a message behind nginx, with an owner's Token in the snippet")
    func serves() throws {
        let root = try CleanRoot()
        try root.install(BuiltPackage.old.get())
        #expect(root.has("/etc/systemd/system/sockets.target.wants/wechat-fcgi.socket"))
        #expect(try root.run(["wechat-fcgi", "check", "/etc/wechat-fcgi/wechat-fcgi.yaml"]).status == 0)

        let site = try Site(in: root)
        let service = try InstalledService(in: root)
        let message = SampleMessage.text("你好")
        let response = try site.answer(to: Site.account.delivery(of: message.xml))
        #expect(response.status == 200, "\(site.log) \(service.log)")
        #expect(try Site.account.read(response) == message.reply)
        #expect(try site.answer(to: Account.single.verification()).status == 403)
        #expect(root.has("/var/lib/private/wechat-fcgi/messages.sqlite"))

        let page = try root.run(["gzip", "-cd", "/usr/share/man/man1/wechat-fcgi.1.gz"]).text
        let help = try root.run(["wechat-fcgi", "help", "serve"]).text
        for flag in help.split(separator: " ") where flag.hasPrefix("--") && flag.dropFirst(2).allSatisfy(\.isLetter) {
            #expect(page.contains(flag.replacing("-", with: "\\-")), "\(flag)")
        }
    }

    @Test("an upgrade restarts the service while its socket stays: no message is lost, and what was edited is kept")
    func upgrade() throws {
        let root = try CleanRoot()
        let manager = try ServiceManagerLog(in: root)
        try root.install(BuiltPackage.old.get())
        #expect(try manager.calls().contains("start wechat-fcgi.socket"))
        try root.edit("/etc/wechat-fcgi/wechat-fcgi.yaml", "log_level: notice", to: "log_level: info")

        let site = try Site(in: root)
        let service = try InstalledService(in: root)
        #expect(try site.answer(to: Site.account.verification(echostr: "12345")).text == "12345")
        let before = try service.program
        manager.forget()

        let statuses = Locked<[Int]>([])
        let isOver = Locked(false)
        let sender = Thread {
            while !isOver.withLock({ $0 }) {
                let response = try? site.answer(to: Site.account.delivery(of: SampleMessage.text("hello").xml))
                statuses.withLock { $0.append(response?.status ?? 0) }
                usleep(10_000)
            }
        }
        sender.start()
        let upgrade = try root.start(["dpkg", "--install", root.bring(BuiltPackage.new.get())])
        try manager.whenAskedToRestart(during: upgrade) {
            #expect(try service.program.hasSuffix(" (deleted)\n"))
            try service.restart()
        }
        #expect(upgrade.waitForExit(within: 120) == 0, "\(upgrade.logTail)")
        let answered = statuses.withLock { $0.count }
        let deadline = Deadline(seconds: 30)
        while statuses.withLock({ $0.count }) < answered + 10, !deadline.hasPassed { deadline.pause() }
        isOver.withLock { $0 = true }
        while !sender.isFinished { usleep(10_000) }

        let all = statuses.withLock { $0 }
        #expect(all.count > 10)
        #expect(all.allSatisfy { $0 == 200 }, "\(all.filter { $0 != 200 }) of \(all.count): \(site.log)")
        #expect(try service.program == before)
        #expect(
            try root.run(["dpkg-query", "-W", "-f", "${Version} ${Status}", "wechat-fcgi"]).text
                == "0.2.0~rc1+1 install ok installed")
        let calls = try manager.calls()
        #expect(calls.contains("--system daemon-reload"))
        #expect(calls.contains("try-restart wechat-fcgi.service"))
        #expect(!calls.contains { $0.contains("stop") || $0.contains("restart wechat-fcgi.socket") }, "\(calls)")
        #expect(try root.text(of: "/etc/wechat-fcgi/wechat-fcgi.yaml").contains("log_level: info"))
        #expect(try root.text(of: "/etc/nginx/snippets/wechat.conf").contains(Site.account.token))
    }

    @Test("removing it keeps the configuration and what the service knows; purging leaves nothing but an empty group")
    func purge() throws {
        let root = try CleanRoot()
        let manager = try ServiceManagerLog(in: root)
        let before = try root.files()
        try root.install(BuiltPackage.old.get())
        try root.edit("/etc/wechat-fcgi/wechat-fcgi.yaml", "log_level: notice", to: "log_level: info")
        try root.write("SHOP_TOKEN=secret\n", to: "/etc/wechat-fcgi/environment", mode: 0o600)
        do {
            let service = try InstalledService(in: root)
            let variables = Site.account.verification(echostr: "12345").cgiVariables
            let response = try FastCGIExchange.answer(
                variables: variables.merging(["WECHAT_TOKEN": Site.account.token]) { $1 }, body: [],
                from: .unix("\(root.path)/run/wechat-fcgi/wechat.sock"))
            #expect(response.text == "12345", "\(service.log)")
        }
        manager.forget()

        try root.succeed(["dpkg", "--remove", "wechat-fcgi"])
        #expect(try manager.calls().contains("stop wechat-fcgi.socket wechat-fcgi.service"))
        #expect(try root.text(of: "/etc/wechat-fcgi/wechat-fcgi.yaml").contains("log_level: info"))
        #expect(root.has("/var/lib/private/wechat-fcgi/messages.sqlite"))
        #expect(!root.has("/usr/bin/wechat-fcgi"))
        #expect(!root.has("/usr/lib/systemd/system/wechat-fcgi.socket"))
        #expect(!root.has("/run/wechat-fcgi"))

        try root.succeed(["dpkg", "--purge", "wechat-fcgi"])
        manager.forget()
        // What addgroup keeps beside the list of groups.
        let ofGroups: Set = ["/etc/group-", "/etc/gshadow-", "/run/adduser"]
        let left = try root.files().subtracting(before).subtracting(root.filesOfPackages()).subtracting(ofGroups)
        #expect(left.isEmpty, "\(left.sorted())")
        #expect(try root.run(["dpkg-query", "-W", "wechat-fcgi"]).status != 0)
        #expect(try root.run(["getent", "group", "wechat-fcgi-config"]).text.hasSuffix(":\n"))
    }
}

extension CleanRoot {
    func install(_ package: String) throws {
        try succeed(["apt-get", "install", "-q", "-y", "--no-install-recommends", bring(package)])
    }

    func succeed(_ command: [String]) throws {
        let outcome = try run(command)
        guard outcome.status == 0 else {
            throw TestError("\(command.joined(separator: " ")): \(outcome.text)\(outcome.errorText)")
        }
    }
}

/// What the package's scripts ask of systemd, in a root that looks as if it ran there.
private struct ServiceManagerLog {
    private let root: CleanRoot
    private static let log = "/run/systemctl.log"

    init(in root: CleanRoot) throws {
        self.root = root
        // The last two are systemd's own, for all services.
        try root.succeed(["mkdir", "-p", "/run/systemd/system", "/run/credentials", "/var/lib/private"])
        try root.write(
            """
            #!/bin/sh
            case "$*" in
                *is-enabled*) echo enabled; exit ;;
                *is-active*) exit ;;
            esac
            printf '%s\\n' "$*" >>\(Self.log)
            case "$*" in
                *try-restart*) while [ ! -e /run/restarted ]; do sleep 0.1; done ;;
            esac

            """, to: "/usr/bin/systemctl", mode: 0o755)
    }

    /// One call a line, without what only says how much to print.
    func calls() throws -> [String] {
        try root.text(of: Self.log).split(separator: "\n").map { line in
            String(line.replacing("--quiet ", with: "").replacing("--system start", with: "start"))
        }
    }

    func forget() { removeFile(root.path + Self.log) }

    /// Restarts the service when that is asked for, and lets whoever asked wait for it, as systemd does.
    func whenAskedToRestart(during process: ChildProcess, _ restart: () throws -> Void) throws {
        let deadline = Deadline(seconds: 120)
        while try !(root.has(Self.log) && calls().contains { $0.hasPrefix("try-restart") }) {
            if deadline.hasPassed || process.exitStatus != nil { throw TestError("no restart: \(process.logTail)") }
            deadline.pause()
        }
        defer { try? root.write("", to: "/run/restarted") }
        try restart()
    }
}
