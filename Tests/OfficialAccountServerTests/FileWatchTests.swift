import FastCGI
import Foundation
import TestSupport
import Testing

@testable import OfficialAccountServer

@Suite("A configuration file that is watched", .serialized)
struct FileWatchTests {
    private final class Watched {
        let folder: URL
        let changes = Locked(0)
        private var watch: FileWatch?

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "watch-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        deinit {
            watch?.stop()
            try? FileManager.default.removeItem(at: folder)
        }

        func path(_ name: String) -> String { folder.appending(path: name).path }
        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        func shell(_ command: String) throws {
            let outcome = try run(["/bin/sh", "-c", "cd '\(folder.path)' && \(command)"])
            #expect(outcome.status == 0, "\(outcome.errorText)")
        }

        func begin(_ name: String) {
            let changes = changes
            watch = FileWatch(path(name)) { changes.withLock { $0 += 1 } }
            #expect(watch != nil)
        }

        /// Whether so many changes are told of, and no more.
        func sees(_ count: Int) async -> Bool {
            for _ in 0..<200 where changes.withLock({ $0 }) < count { try? await Task.sleep(for: .milliseconds(25)) }
            try? await Task.sleep(for: .milliseconds(400))
            return changes.withLock { $0 } == count
        }
    }

    @Test("is seen to change when it is written in place")
    func inPlace() async throws {
        let watched = try Watched()
        try watched.write("a", to: "bot.yaml")
        watched.begin("bot.yaml")
        try watched.shell("sleep 0.1; printf b >> bot.yaml")
        #expect(await watched.sees(1))
        try watched.shell("printf c >> bot.yaml")
        #expect(await watched.sees(2))
    }

    @Test("is seen to change when an editor replaces it")
    func replaced() async throws {
        let watched = try Watched()
        try watched.write("a", to: "bot.yaml")
        watched.begin("bot.yaml")
        try watched.shell("sleep 0.1; printf b > bot.yaml.new; mv bot.yaml.new bot.yaml")
        #expect(await watched.sees(1))
        try watched.shell("mv bot.yaml bot.yaml~; printf c > bot.yaml")
        #expect(await watched.sees(2))
    }

    @Test("is seen to change when a link to its folder is turned, as Kubernetes does")
    func folderLink() async throws {
        let watched = try Watched()
        try watched.shell("mkdir v1 v2 && echo 1 > v1/bot.yaml && echo 22 > v2/bot.yaml")
        try watched.shell("ln -s v1 ..data && ln -s ..data/bot.yaml bot.yaml")
        watched.begin("bot.yaml")
        try watched.shell("sleep 0.1; ln -s v2 ..new && mv -T ..new ..data")
        #expect(await watched.sees(1))
        try watched.shell("echo 333 > v2/bot.yaml")
        #expect(await watched.sees(2))
    }

    @Test("is seen when the file that a link in another folder leads to changes")
    func fileLink() async throws {
        let watched = try Watched()
        try watched.shell("mkdir etc real && echo 1 > real/bot.yaml && ln -s ../real/bot.yaml etc/bot.yaml")
        watched.begin("etc/bot.yaml")
        try watched.shell("sleep 0.1; echo 22 > real/new && mv real/new real/bot.yaml")
        #expect(await watched.sees(1))
    }

    @Test("that is gone for a while is seen when it is there again, and others beside it are not")
    func gone() async throws {
        let watched = try Watched()
        try watched.write("a", to: "bot.yaml")
        watched.begin("bot.yaml")
        try watched.shell("sleep 0.1; rm bot.yaml; echo x > other")
        #expect(await watched.sees(0))
        try watched.shell("echo back > bot.yaml")
        #expect(await watched.sees(1))
    }

    @Test("is not read while it is being written")
    func halfWritten() async throws {
        let watched = try Watched()
        try watched.write("a", to: "bot.yaml")
        watched.begin("bot.yaml")
        try watched.shell("exec 3>bot.yaml; for i in 1 2 3 4 5 6 7 8; do echo $i >&3; sleep 0.05; done")
        #expect(await watched.sees(1))
    }
}
