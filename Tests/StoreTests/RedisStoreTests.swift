import Glibc
import OfficialAccountBot
import RedisStore
import TestSupport
import Testing

@Suite("The store in a Redis server")
struct RedisStoreTests {
    @Test("Two processes' stores see each other, and two prefixes do not")
    func shared() async throws {
        let server = try RedisServer()
        let first = try server.store()
        let second = try server.store()
        let other = try RedisStore(url: server.url, prefix: "other:")
        let revision = try await first.put(key("a"), [1])
        #expect(try await second.get(key("a")) == StoreValue(bytes: [1], revision: revision))
        #expect(try await other.get(key("a")) == nil)
        #expect(try server.cli("KEYS *\n").split(separator: "\n").allSatisfy { $0.contains("wechat-fcgi:") })
        for store in [first, second, other] { await store.close() }
    }

    @Test("Four processes count up together and lose nothing")
    func processes() async throws {
        let server = try RedisServer()
        let workers = try (0..<4).map {
            try worker(["increment", server.url, "100"], log: server.folder("\($0).log"))
        }
        for worker in workers { #expect(await worker.ended == 0, "\(worker.logTail)") }
        let store = try server.store()
        #expect(try await store.get(key("counter"))?.bytes == Array("400".utf8))
        await store.close()
    }

    @Test("A server that forgot everything goes on with higher revisions")
    func restarted() async throws {
        let folder = try TemporaryFolder()
        var server: RedisServer? = try RedisServer(in: folder)
        let store = try RedisStore(url: try #require(server).url)
        let revision = try await store.put(key("a"), [1])
        server?.process.kill()
        server = nil
        await #expect(throws: StoreError.self) { try await store.get(key("a")) }
        server = try RedisServer(in: folder)
        #expect(await eventually { await store.works })
        #expect(try await store.put(key("a"), [1]) > revision)
        await store.close()
    }

    @Test("A server that was restarted while nobody asked is not noticed")
    func restartedInBetween() async throws {
        let folder = try TemporaryFolder()
        var server: RedisServer? = try RedisServer(in: folder)
        let store = try RedisStore(url: try #require(server).url)
        try await store.put(key("a"), [1])
        server?.process.stop()
        server = try RedisServer(in: folder)
        #expect(try await store.put(key("a"), [2]) > 0)
        await store.close()
        _ = server
    }

    @Test("While the server hangs callers fail, later ones at once; when it goes on it works again")
    func hanging() async throws {
        let server = try RedisServer()
        let store = try RedisStore(url: server.url, timeout: 3000)
        try await store.put(key("a"), [1])
        server.process.signal(SIGSTOP)
        let start = ContinuousClock.now
        await #expect(throws: StoreError.self) { try await store.get(key("a")) }
        let first = ContinuousClock.now
        for _ in 0..<20 { await #expect(throws: StoreError.self) { try await store.get(key("a")) } }
        #expect(first - start < .seconds(10))
        #expect(ContinuousClock.now - first < .seconds(10))
        server.process.signal(SIGCONT)
        #expect(await eventually { await store.works })
        #expect(try await store.get(key("a"))?.bytes == [1])
        await store.close()
    }

    @Test("A server that forgets the script is told again")
    func scriptFlushed() async throws {
        let server = try RedisServer()
        let store = try server.store()
        try await store.put(key("a"), [1])
        try server.cli("SCRIPT FLUSH\n")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 { group.addTask { try await store.put(key("\(number)"), [UInt8(number)]) } }
            try await group.waitForAll()
        }
        for number in 0..<50 { #expect(try await store.get(key("\(number)"))?.bytes == [UInt8(number)]) }
        await store.close()
    }

    @Test("The password and the database of the URL count; wrong ones are told at once, without being shown")
    func login() async throws {
        let server = try RedisServer(["--requirepass", "geheim@:/%1", "--databases", "4"])
        let right = "geheim%40%3A%2F%251"
        for login in [":\(right)@", "default:\(right)@"] {
            let store = try RedisStore(url: server.url(login: login, database: 3))
            try await store.connect()
            try await store.put(key("a"), [1])
            await store.close()
        }
        for (login, database, words) in [
            ("", 0, "wants a password"), (":wrong-geheim@", 0, "refused the password"),
            ("nobody:\(right)@", 0, "refused the password"), (":\(right)@", 9, "refused database 9"),
        ] {
            let store = try RedisStore(url: server.url(login: login, database: database))
            let error = await #expect(throws: StoreError.self) { try await store.connect() }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
            #expect(error?.description.contains("geheim") == false)
            await store.close()
        }
    }

    @Test(
        "A URL that cannot be used is refused with what to do, without being shown",
        arguments: [
            ("rediss://:geheim@host:6380/0", "stunnel"), ("http://geheim@host/", "redis://"), ("geheim", "redis://"),
            ("redis://:geheim@host:port", "redis://"), ("redis://:geheim@", "redis://"),
            ("redis://geheim@host", "password"),
            ("redis://:geheim@host/x", "database"), ("redis://:geheim%@host", "%25"),
            ("redis://:geheim@::1:6379", "redis://"),
            ("redis+unix:geheim", "redis://"), ("redis+unix:/geheim?x=1", "redis://"),
            ("redis+unix://host/geheim", "redis://"),
        ])
    func wrongURLs(_ url: String, _ words: String) throws {
        let error = #expect(throws: StoreError.self) { _ = try RedisStore(url: url) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        #expect(error?.description.contains("geheim") == false)
    }

    @Test("It connects by TCP, to a name and to either kind of address")
    func tcp() async throws {
        let port = try Endpoint.freePort()
        let server = try RedisServer(["--port", "\(port)", "--bind", "127.0.0.1", "-::1"])
        for host in ["127.0.0.1", "localhost"] {
            let store = try RedisStore(url: "redis://\(host):\(port)/1")
            try await store.connect()
            await store.close()
        }
        _ = server
    }

    @Test("Where nothing listens, and where something else does, connecting fails")
    func noServer() async throws {
        let store = try RedisStore(url: "redis://127.0.0.1:\(try Endpoint.freePort())")
        await #expect(throws: StoreError.self) { try await store.connect() }
        await store.close()
        let port = try Endpoint.freePort()
        let mute = try Endpoint.loopback(port: port).listen()
        let waiting = try RedisStore(url: "redis://127.0.0.1:\(port)", timeout: 200)
        let error = await #expect(throws: StoreError.self) { try await waiting.connect() }
        #expect(error?.description.contains("time-out") == true, "\(String(describing: error))")
        await waiting.close()
        close(mute)
    }

    @Test("A server without memory, one that is a replica, and foreign values are told apart")
    func refusals() async throws {
        let server = try RedisServer()
        let store = try server.store()
        try await store.put(key("a"), [1])
        try server.cli("CONFIG SET maxmemory 1\n")
        var error = await #expect(throws: StoreError.self) { try await store.put(key("a"), [2]) }
        #expect(error?.description.contains("maxmemory") == true, "\(String(describing: error))")
        try server.cli("CONFIG SET maxmemory 0\nREPLICAOF 127.0.0.1 1\n")
        error = await #expect(throws: StoreError.self) { try await store.put(key("a"), [2]) }
        #expect(error?.description.contains("replica") == true, "\(String(describing: error))")
        try server.cli("REPLICAOF NO ONE\nLPUSH wechat-fcgi:v:list x\nSET wechat-fcgi:v:short x\n")
        #expect(try await store.put(key("a"), [3]) > 0)
        await #expect(throws: StoreError.self) { try await store.get(key("list")) }
        await #expect(throws: StoreError.self) { try await store.get(key("short")) }
        #expect(try await store.get(key("a"))?.bytes == [3])
        await store.close()
    }

    @Test("A store that nobody refers to any more gives its connection back")
    func dropped() async throws {
        let server = try RedisServer()
        var store: RedisStore? = try server.store()
        try await store?.connect()
        #expect(try await eventually { try server.cli("CLIENT LIST\n").split(separator: "\n").count == 2 })
        store = nil
        #expect(try await eventually { try server.cli("CLIENT LIST\n").split(separator: "\n").count == 1 })
    }
}
