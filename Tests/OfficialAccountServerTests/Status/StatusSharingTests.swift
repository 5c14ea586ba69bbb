import FastCGI
import Glibc
import OfficialAccount
import TestSupport
import Testing

@testable import OfficialAccountServer

@Suite("Several processes' status")
struct StatusSharingTests {
    private static let text = "wechat_fcgi_messages_total{account=\"wxname\",type=\"text\"}"
    private static let names = ["WECHAT_APP_ID": "wxname"]

    @Test("processes that share a folder are added up, whichever is asked")
    func sums() async throws {
        let folder = try TemporaryFolder()
        let one = try StatusBench(Self.names, in: folder)
        let other = try StatusBench(Self.names, in: folder)
        for id in 1...3 as ClosedRange<UInt64> { _ = await one.send(Platform.text("x", id: id)) }
        _ = await other.send(Platform.text("x", id: 4))
        #expect(await one.sample(Self.text) == 3)
        #expect(await other.sample(Self.text) == 4)
        #expect(await one.sample(Self.text) == 4)
        #expect(await one.sample("wechat_fcgi_processes") == 2)
    }

    @Test("what a process counted that has ended stays, and its files go")
    func ended() async throws {
        let folder = try TemporaryFolder()
        let one = try StatusBench(Self.names, in: folder)
        let other = try StatusBench(Self.names, in: folder)
        _ = await other.send(Platform.text("x"))
        other.service.end()
        other.service.end()
        #expect(await one.sample(Self.text) == 1)
        #expect(await eventually { await one.sample("wechat_fcgi_processes") == 1 })
        #expect(try StatusFolder(folder("status")).processes.count == 1)
        #expect(await one.sample(Self.text) == 1)
    }

    /// Counts of a process as another one sees them.
    private static func snapshot(_ count: UInt64) -> ProcessSnapshot {
        var snapshot = ProcessSnapshot(pid: 1, started: 1, version: "")
        snapshot.numbers.counters[Series("n_total")] = count
        snapshot.numbers.times[Series("t_seconds")] = AnswerTimes("1000 1000:\(count)")
        return snapshot
    }

    @Test("one that was killed counts with what it wrote last, once")
    func killed() async throws {
        let folder = try TemporaryFolder()
        let status = try StatusFolder(folder("status"))
        let living = try SharedCounts(status)
        do {
            let killed = try SharedCounts(status)
            killed.publish(Self.snapshot(5))
            #expect(living.sum(Self.snapshot(1))?.processes.count == 2)
            // Its lock goes with it, as when a process is killed; nothing else is done.
        }
        #expect(await eventually { living.sum(Self.snapshot(1))?.processes.count == 1 })
        for _ in 0..<3 {
            let sum = try #require(living.sum(Self.snapshot(1)))
            #expect(sum.processes.count == 1)
            #expect(sum.total.counters[Series("n_total")] == 5)
            #expect(sum.total.times[Series("t_seconds")]?.count == 5)
        }
    }

    @Test("one whose files could not be removed after it was added is not added again")
    func addedOnce() throws {
        let folder = try TemporaryFolder()
        let status = try StatusFolder(folder("status"))
        let living = try SharedCounts(status)
        _ = living.sum(Self.snapshot(0))
        status.write(SnapshotText.write(Self.snapshot(5)), to: "7-x.counts")
        status.write("", to: "7-x.lock")
        var total = Total(since: 1)
        total.add(Self.snapshot(5))
        total.added = ["7-x"]
        status.write(SnapshotText.write(total), to: "total")
        let sum = try #require(living.sum(Self.snapshot(0)))
        #expect(sum.total.counters[Series("n_total")] == 5)
        #expect(sum.total.since == 1)
        #expect(status.processes.count == 1)
    }

    @Test(
        "a file with nonsense in it stops nobody",
        arguments: [
            "", "nonsense", "wechat-fcgi-status\t2\nprocess\t1\t1\t\n", "wechat-fcgi-status\t1\n",
            "wechat-fcgi-status\t1\nprocess\t1\t1\t\ncounter\tn_total\t-1\ncounter\tx\ncounter\ntimes\tt\t1 x:y\ntoken\n\t\n",
            "wechat-fcgi-status\t1\nprocess\t1\t1\t\ncounter\tn_total\t99999999999999999999999\ngauge\tg\tnan\tx\n",
            "wechat-fcgi-status\t1\nprocess\t1\t1\t\ntimes\tt_seconds\t1 5:18446744073709551615,5:18446744073709551615\n"
                + "counter\tm_total\t18446744073709551615\ncounter\tm_total\tl\tv\t18446744073709551615\n",
        ])
    func nonsense(text: String) throws {
        let folder = try TemporaryFolder()
        let status = try StatusFolder(folder("status"))
        let living = try SharedCounts(status)
        status.write(text, to: "7-x.counts")
        status.write("", to: "7-x.lock")
        let sum = try #require(living.sum(Self.snapshot(2)))
        #expect(sum.total.counters[Series("n_total")] == nil)
        status.write(text, to: "total")
        let again = try #require(living.sum(Self.snapshot(2)))
        let report = StatusReport(version: "", now: 0, again)
        #expect(!report.text.isEmpty && !report.json.isEmpty && !report.prometheus.isEmpty)
    }

    @Test("who adds up too long is not waited for")
    func busy() async throws {
        let bench = try StatusBench(Self.names)
        let lock = try #require(FileLock(bench.folder("status/lock")))
        let response = await bench.status()
        #expect(response.status == 503)
        #expect(response.headers.contains { $0.name == "Retry-After" })
        withExtendedLifetime(lock) {}
    }

    @Test("a folder that others could change or look into is refused, and what to do is said")
    func folders() throws {
        let folder = try TemporaryFolder()
        try folder.make(folder: "open", mode: 0o755)
        try folder.make(folder: "mine", mode: 0o700)
        try folder.write("", to: "file")
        #expect(symlink(folder("mine"), folder("link")) == 0)
        for (name, problem) in [
            ("open", "chmod 700"), ("file", "is no folder"), ("link", "is no folder"),
            ("missing/deeper", "cannot be made"),
        ] {
            let error = #expect(throws: StatusFolder.Failure.self) { try StatusFolder(folder(name)) }
            #expect(error?.description.contains(problem) == true, "\(name): \(error?.description ?? "")")
        }
        if geteuid() == 0 {
            #expect(chown(folder("mine"), 65534, 65534) == 0)
            let error = #expect(throws: StatusFolder.Failure.self) { try StatusFolder(folder("mine")) }
            #expect(error?.description.contains("belongs to") == true)
        }
        var settings = ServerSettings()
        settings.status = StatusPath(parsing: "/s")
        settings.statusFolder = folder("open")
        #expect(throws: StartError.self) { try StatusService(settings, version: "", hasStore: false) }
    }

    @Test("the service manager's folder is taken where there is one")
    func standardFolder() {
        #expect(StatusFolder.standard(ProcessEnvironment(["RUNTIME_DIRECTORY": "/run/a:/run/b"])) == "/run/a/status")
        #expect(StatusFolder.standard(ProcessEnvironment([:])).hasSuffix("/wechat-fcgi-status-\(geteuid())"))
    }

    @Test("what is written is what is read, whatever accounts are called")
    func roundTrip() throws {
        var snapshot = ProcessSnapshot(pid: 7, started: 8, version: "1.0")
        snapshot.store = StoreHealth(isWorking: false, since: 9)
        for name in [
            "", "wx", "公众号", "tab\there", "line\nbreak", "\\\"{}", "\u{202E}x", String(repeating: "x", count: 500),
        ] {
            let labels = [("account", name), ("type", "text")]
            snapshot.numbers.counters[Series("n_total", labels)] = 1
            snapshot.numbers.gauges[Series("g", labels)] = 1.5
            var times = AnswerTimes()
            for value in [0, 1, 999, 4_500_000, 61_000_000] as [UInt64] { times.record(microseconds: value) }
            snapshot.numbers.times[Series("t_seconds", labels)] = times
        }
        snapshot.tokens["wx"] = TokenState(refreshed: 1, failed: 2, failure: "40001")
        #expect(SnapshotText.readProcess(SnapshotText.write(snapshot)) == snapshot)
    }
}
