import TestSupport
import Testing

/// The configuration of the service that the package installs.
extension PackageTests {
    private static let folder = "/etc/wechat-fcgi"
    private static let file = "/etc/wechat-fcgi/wechat-fcgi.yaml"

    /// A configuration with one answer to everything.
    private static func answering(_ reply: String) -> String {
        "accounts: [{path: /wechat, token: \(Site.account.token), rules: [{any: , reply: \(reply)}]}]\n"
    }

    @Test("the service takes a changed configuration up by itself and on reload; one it may not read is refused")
    func reload() async throws {
        let root = try CleanRoot()
        try root.install(BuiltPackage.old.get())
        #expect(try root.rights(Self.folder) == "2750 root:wechat-fcgi-config")
        #expect(try root.rights(Self.file) == "640 root:wechat-fcgi-config")
        try root.write(Self.answering("first"), to: Self.file)
        let site = try Site(in: root)
        let service = try InstalledService(in: root)
        #expect(await site.reply() == "first", "\(service.log)")

        // As an editor does that writes in place, and as one that makes a new file.
        try root.write(Self.answering("second"), to: Self.file)
        #expect(await eventually { await site.reply() == "second" }, "\(service.log)")
        let replace = "umask 027; sed s/second/third/ \(Self.file) >\(Self.file)~; mv \(Self.file)~ \(Self.file)"
        try root.succeed(["sh", "-c", replace])
        #expect(await eventually { await site.reply() == "third" }, "\(service.log)")

        let (isInForce, isRefused) = ("is in force", "the one before stays in force")
        #expect(try await service.logs(isInForce, moreThan: 1), "\(service.log)")
        let reloads = try service.logged(isInForce)
        try service.reload()
        #expect(try await service.logs(isInForce, moreThan: reloads), "\(service.log)")

        for (old, path, remedy) in [
            ("600", Self.file, "chgrp wechat-fcgi-config \(Self.file) && chmod 640 \(Self.file)"),
            ("700", Self.folder, "chgrp wechat-fcgi-config \(Self.folder) && chmod 2750 \(Self.folder)"),
        ] {
            let (reloads, refusals) = try (service.logged(isInForce), service.logged(isRefused))
            try root.succeed(["chmod", old, path])
            #expect(try await service.logs(isRefused, moreThan: refusals), "\(path): \(service.log)")
            #expect(try service.logged(remedy) > 0, "\(service.log)")
            #expect(await site.reply() == "third")
            try root.succeed(["sh", "-c", remedy])
            #expect(try await service.logs(isInForce, moreThan: reloads), "\(service.log)")
        }

        try root.succeed(["chmod", "600", Self.file])
        let refusals = try service.logged("Permission denied")
        try service.restart()
        #expect(service.exitStatus == 78)
        #expect(try service.logged("Permission denied") > refusals)
        try root.succeed(["chmod", "640", Self.file])
        try service.start()
        #expect(await site.reply() == "third", "\(service.log)")
    }

    @Test("an upgrade lets the service read what was root's alone, and leaves what an administrator chose")
    func formerRights() async throws {
        let root = try CleanRoot()
        try root.install(BuiltPackage.old.get())
        // As it was before there was a group.
        try root.succeed(["chgrp", "-R", "root", Self.folder])
        try root.succeed(["chmod", "755", Self.folder])
        try root.write(Self.answering("kept"), to: Self.file)
        try root.write("NAME=value\n", to: "\(Self.folder)/environment", mode: 0o600)
        try root.succeed(["chmod", "600", Self.file])
        try root.succeed(["groupdel", "wechat-fcgi-config"])

        let new = try root.bring(BuiltPackage.new.get())
        let upgrade = try root.run(["dpkg", "--install", new])
        #expect(upgrade.status == 0 && !upgrade.errorText.contains("cannot read"), "\(upgrade.errorText)")
        #expect(try root.rights(Self.folder) == "2755 root:wechat-fcgi-config")
        #expect(try root.rights(Self.file) == "640 root:wechat-fcgi-config")
        #expect(try root.rights("\(Self.folder)/environment") == "600 root:root")
        do {
            let site = try Site(in: root)
            let service = try InstalledService(in: root)
            #expect(await site.reply() == "kept", "\(service.log)")
        }

        try root.succeed(["chown", "root:www-data", Self.file])
        var again = try root.run(["dpkg", "--install", new])
        #expect(again.status == 0 && again.errorText.contains("cannot read \(Self.file)"), "\(again.errorText)")
        #expect(try root.rights(Self.file) == "640 root:www-data")

        try root.succeed(["dpkg-statoverride", "--update", "--add", "root", "root", "0600", Self.file])
        again = try root.run(["dpkg", "--install", new])
        #expect(again.status == 0 && again.errorText.contains("chgrp wechat-fcgi-config"), "\(again.errorText)")
        #expect(try root.rights(Self.file) == "600 root:root")
    }
}

extension CleanRoot {
    /// The rights, owner and group of a file in the root.
    fileprivate func rights(_ path: String) throws -> String {
        let outcome = try run(["stat", "-c", "%a %U:%G", path])
        guard outcome.status == 0 else { throw TestError(outcome.errorText) }
        return outcome.text.filter { $0 != "\n" }
    }
}

extension Site {
    /// What a user of the account reads.
    fileprivate func reply() async -> String? { await user.reads("hello") }
}
