import Glibc
import OfficialAccountBot
import SQLiteStore
import TestSupport
import Testing

@Suite("The store in a file")
struct SQLiteStoreTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder("store.db")
    }

    @Test("What was committed is there for the next process, and revisions go on")
    func reopened() async throws {
        let first = try SQLiteStore(path: path)
        let revision = try await first.put(key("a"), [1, 0, 2])
        try await first.put(key("b"), [1])
        try await first.put(key("b"), nil)
        await first.close()
        let second = try SQLiteStore(path: path)
        #expect(try await second.get(key("a")) == StoreValue(bytes: [1, 0, 2], revision: revision))
        #expect(try await second.put(key("b"), [1]) > revision + 2)
        await second.close()
    }

    @Test("Four processes count up together and lose nothing, even where one more is killed in between")
    func processes() async throws {
        let victim = try worker(["increment", path, "1000000"], log: folder("victim.log"))
        let workers = try (0..<4).map { try worker(["increment", path, "100"], log: folder("\($0).log")) }
        let store = try SQLiteStore(path: path)
        #expect(try await eventually { try await store.get(key("counter")) != nil })
        victim.kill()
        for worker in workers { #expect(await worker.ended == 0, "\(worker.logTail)") }
        let count = try await store.get(key("counter")).map { Int(String(decoding: $0.bytes, as: UTF8.self)) ?? 0 }
        // The killed one has counted, too.
        #expect(try #require(count) >= 400)
        let before = try #require(count)
        let more = try worker(["increment", path, "50"], log: folder("more.log"))
        #expect(await more.ended == 0)
        #expect(try await store.get(key("counter"))?.bytes == Array("\(before + 50)".utf8))
        await store.close()
    }

    @Test("Of what four processes claim, each key goes to one")
    func claims() async throws {
        let workers = try (0..<4).map { try worker(["claim", path, "200"], log: folder("\($0).log")) }
        for worker in workers { #expect(await worker.ended == 0, "\(worker.logTail)") }
        let counts = try workers.map { Int(try text(ofFile: $0.log).split(separator: "\n")[0]) ?? -1 }
        #expect(counts.reduce(0, +) == 200)
    }

    @Test("Nobody but its owner can read the file and those beside it")
    func permissions() async throws {
        let before = umask(0)
        defer { umask(before) }
        let store = try SQLiteStore(path: path)
        try await store.put(key("a"), [1])
        for name in [path, "\(path)-wal", "\(path)-shm"] {
            var status = stat()
            #expect(stat(name, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
        await store.close()
    }

    @Test("A path that cannot be used is named at once, with what is wrong and what to do")
    func wrongPaths() async throws {
        try folder.write(String(repeating: "This is no database. ", count: 100), to: "text.db")
        try folder.make(folder: "folder")
        #expect(symlink("/nowhere/at/all", folder("link.db")) == 0)
        #expect(try run(["sqlite3", folder("other.db"), "CREATE TABLE t (x)"]).status == 0)
        let cases = [
            (folder("text.db"), "no SQLite database"), (folder("missing/store.db"), "mkdir"),
            (folder("folder"), "no file"), (folder("text.db/store.db"), "no folder"), (folder("link.db"), "link"),
            (folder("other.db"), "another program"), ("", "empty"),
        ]
        for (path, words) in cases {
            let error = #expect(throws: StoreError.self) { _ = try SQLiteStore(path: path) }
            #expect(error?.description.contains(words) == true, "\(path): \(String(describing: error))")
        }
        #expect(try text(ofFile: folder("text.db")).hasPrefix("This is no database."))
    }

    @Test("A folder or a file that this user may not write is named at once")
    func withoutRights() async throws {
        await (try SQLiteStore(path: path)).close()
        chmod(path, 0o600)
        try folder.make(folder: "closed", mode: 0o755)
        let closed = try run(["\(PipedProcess.productsFolder)/StoreWorker", "open", folder("closed/store.db")])
        // Who runs the tests without being root owns the folder.
        guard geteuid() == 0 else { return }
        #expect(closed.text.contains("cannot be written"), "\(closed.text)")
        try folder.make(folder: "open", mode: 0o777)
        #expect(rename(path, folder("open/store.db")) == 0)
        let foreign = try run(["\(PipedProcess.productsFolder)/StoreWorker", "open", folder("open/store.db")])
        #expect(foreign.text.contains("cannot be read and written"), "\(foreign.text)")
        let own = try run(["\(PipedProcess.productsFolder)/StoreWorker", "open", folder("open/own.db")])
        #expect(own.text == "opened\n")
    }

    @Test("A file that may not grow fails those who write, and works again when it may")
    func fileSizeLimit() throws {
        let outcome = try run(["\(PipedProcess.productsFolder)/StoreWorker", "fill", path])
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.first?.contains("may not become larger") == true || lines.first?.contains("full") == true)
        #expect(lines.last == "recovered", "\(outcome.text)")
    }

    @Test("A store that is full says so; what expires makes room")
    func full() async throws {
        let store = try SQLiteStore(path: path, maximumBytes: 1 << 20)
        var failure: StoreError?
        for number in 0..<2000 where failure == nil {
            do throws(StoreError) {
                try await store.put(key("\(number)"), [UInt8](repeating: 1, count: 100_000), lifetime: 3000)
            } catch {
                failure = error
            }
        }
        #expect(failure?.description.contains("full") == true)
        #expect(await eventually { (try? await store.put(key("new"), [UInt8](repeating: 1, count: 100_000))) != nil })
        await store.close()
    }

    @Test("Its file grows no further once as much expires as comes")
    func boundedFile() async throws {
        let store = try SQLiteStore(path: path)
        var sizes: [Int] = []
        for round in 0..<6 {
            for number in 0..<40 {
                try await store.put(key("\(round) \(number)"), [UInt8](repeating: 1, count: 10_000), lifetime: 50)
            }
            try await Task.sleep(for: .milliseconds(400))
            sizes.append(try contents(ofFile: path).count + (try contents(ofFile: "\(path)-wal").count))
        }
        await store.close()
        #expect(try contents(ofFile: path).count < 2_000_000, "\(sizes)")
        #expect(!fileExists("\(path)-wal"))
    }

    @Test("What has expired is removed even where each process makes a single change")
    func purgedInTurns() async throws {
        let store = try SQLiteStore(path: path)
        for number in 0..<600 { try await store.put(key("\(number)"), [1], lifetime: 300) }
        await store.close()
        try await Task.sleep(for: .milliseconds(400))
        for _ in 0..<10 {
            let store = try SQLiteStore(path: path)
            try await store.put(key("0"), [1])
            await store.close()
        }
        #expect(try await sqlite("SELECT count(*) FROM entry") == "1\n")
    }

    @Test("Two that write in turns never give the same revision, and later ones are higher")
    func revisionsInTurns() async throws {
        let stores = [try SQLiteStore(path: path), try SQLiteStore(path: path)]
        var last: UInt64 = 0
        for number in 0..<50 {
            let revision = try await stores[number / 3 % 2].put(key("a"), [1])
            #expect(revision > last)
            last = revision
        }
        for store in stores { await store.close() }
        let next = try SQLiteStore(path: path)
        #expect(try await next.put(key("a"), [1]) > last)
        await next.close()
    }

    @Test("The file of an older version is made anew, that of a newer one is refused")
    func otherVersions() async throws {
        let older = """
            CREATE TABLE entry (
                id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, revision INTEGER NOT NULL, expiry INTEGER NOT NULL,
                value BLOB NOT NULL);
            CREATE TABLE counter (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL);
            INSERT INTO counter VALUES (1, 7);
            INSERT INTO entry VALUES (1, x'61', 7, 9000000000000, x'01');
            PRAGMA application_id = 0x57434653;
            PRAGMA user_version = 1;
            """
        #expect(try await sqlite(older) == "")
        let store = try SQLiteStore(path: path)
        #expect(try await store.get(key("a")) == nil)
        #expect(try await store.put(key("a"), [2]) > 7)
        await store.close()
        #expect(try await sqlite("PRAGMA user_version = 99") == "")
        #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
    }

    /// What SQLite's own program says to some statements.
    private func sqlite(_ statements: String) async throws -> String {
        try run(["/usr/bin/sqlite3", path, statements]).text
    }

    @Test("A file that is removed or replaced while it is open is noticed")
    func removed() async throws {
        let store = try SQLiteStore(path: path)
        try await store.put(key("a"), [1])
        for suffix in ["", "-wal", "-shm"] { removeFile(path + suffix) }
        #expect(
            await eventually {
                _ = try? await store.put(key("b"), [2])
                return fileExists(path)
            })
        let other = try SQLiteStore(path: path)
        #expect(try await eventually { try await other.get(key("b"))?.bytes == [2] })
        await other.close()
        await store.close()
    }

    @Test("While another process holds the file, callers are told after a while; then it works again")
    func locked() async throws {
        let store = try SQLiteStore(path: path)
        try await store.put(key("a"), [1])
        let held = try folder.write("", to: "held")
        let script = """
            .timeout 30000
            BEGIN IMMEDIATE;
            .shell while [ -e \(held) ]; do sleep 0.1; done
            COMMIT;

            """
        let holder = try PipedProcess("/usr/bin/sqlite3", [path], input: .bytes(Array(script.utf8)))
        #expect(
            await eventually {
                do throws(StoreError) {
                    try await store.put(key("a"), [2])
                    return false
                } catch {
                    return error.description.contains("another process")
                }
            })
        removeFile(held)
        #expect(await holder.exitStatus() == 0)
        #expect(try await store.put(key("a"), [3]) > 0)
        await store.close()
    }
}
