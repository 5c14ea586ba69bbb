import FastCGI
import Glibc
import TestSupport
import Testing

@Suite("Where a server listens")
struct ListenerTests {
    @Test(
        "An address is read as it is written in settings",
        arguments: [
            ("unix:/run/a.sock", .unix("/run/a.sock")), ("/run/a.sock", .unix("/run/a.sock")),
            ("unix:relative", .unix("relative")), ("@abstract", .unix("@abstract")),
            ("127.0.0.1:9000", .tcp(host: "127.0.0.1", port: 9000)), ("[::1]:9000", .tcp(host: "::1", port: 9000)),
            (":9000", .tcp(host: "127.0.0.1", port: 9000)), ("*:9000", .tcp(host: "0.0.0.0", port: 9000)),
        ] as [(String, ListenAddress)])
    func address(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(parsing: text) == address)
    }

    @Test(
        "What is no address is refused, with the way to write one",
        arguments: ["", "unix:", "9000", "host", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "::1:9000", "[::1]"])
    func malformed(text: String) {
        #expect(throws: ListenError.malformedAddress(text)) { try ListenAddress(parsing: text) }
        #expect(ListenError.malformedAddress(text).description.contains("127.0.0.1:9000"))
    }

    @Test("A Unix socket has the mode it was asked for", arguments: [0o660, 0o600, 0o666] as [UInt32])
    func mode(mode: UInt32) throws {
        let folder = try TemporaryFolder()
        let path = folder("a.sock")
        let listener = try Listener.open(.unix(path), socketMode: mode, socketGroup: "\(getgid())")
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == mode)
        close(listener.fileDescriptor)
    }

    @Test("A socket on which nothing answers is replaced, one that answers is not, and any other file never")
    func stale() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a.sock")
        let first = try Listener.open(.unix(path))
        #expect(throws: ListenError.inUse("unix:\(path)")) { try Listener.open(.unix(path)) }
        close(first.fileDescriptor)
        // A program that another test starts at this moment listens, too, until its exec.
        #expect(await eventually { (try? Listener.open(.unix(path))).map { close($0.fileDescriptor) } != nil })
        let file = folder("data")
        makeEmptyFile(file)
        #expect(throws: ListenError.notASocket(file)) { try Listener.open(.unix(file)) }
        #expect(fileExists(file))
    }

    @Test("A taken port, a path that is too long, a group or an address that is not there are told apart")
    func errors() throws {
        let first = try Listener.open(.tcp(host: "127.0.0.1", port: 0))
        let port = try #require(first.port)
        #expect(throws: ListenError.inUse("127.0.0.1:\(port)")) {
            try Listener.open(.tcp(host: "127.0.0.1", port: port))
        }
        close(first.fileDescriptor)
        let long = "/tmp/" + String(repeating: "x", count: 200)
        #expect(throws: ListenError.pathTooLong(long)) { try Listener.open(.unix(long)) }
        #expect(throws: ListenError.unknownGroup("no such group")) {
            try Listener.open(.unix("/tmp/never.sock"), socketGroup: "no such group")
        }
        #expect(throws: ListenError.malformedAddress("localhost:9000")) {
            try Listener.open(.tcp(host: "localhost", port: 9000))
        }
        #expect(throws: ListenError.self) { try Listener.open(.unix("/nowhere/at/all.sock")) }
        #expect(throws: ListenError.notListening(2)) { try Listener.inherited(descriptor: 2) }
    }

    @Test("What keeps a user from listening is told with what to do about it")
    func notPermitted() {
        #expect("\(ListenError.notPermitted(.tcp(host: "127.0.0.1", port: 80)))".contains("such as 9000"))
        #expect("\(ListenError.notPermitted(.unix("/run/a.sock")))".contains("install -d -o USER"))
        #expect("\(ListenError.notInGroup(path: "/run/a.sock", group: "www-data"))".contains("usermod -aG www-data"))
        #expect(throws: ListenError.notOfThisMachine("192.0.2.1:9000")) {
            try Listener.open(.tcp(host: "192.0.2.1", port: 9000))
        }
    }

    @Test("Whether other machines may connect is known, whoever opened the socket")
    func otherMachines() throws {
        let folder = try TemporaryFolder()
        for (address, isOpen) in [
            (ListenAddress.unix(folder("s")), false), (.tcp(host: "127.0.0.1", port: 0), false),
            (.tcp(host: "127.1.2.3", port: 0), false), (.tcp(host: "0.0.0.0", port: 0), true),
        ] {
            let listener = try Listener.open(address)
            defer { close(listener.fileDescriptor) }
            let inherited = try Listener.inherited(descriptor: listener.fileDescriptor)
            let expected = isOpen ? listener.port.map { ListenAddress.tcp(host: "0.0.0.0", port: $0) } : nil
            #expect(listener.addressForOtherMachines == expected)
            #expect(inherited.addressForOtherMachines == expected)
        }
        guard let listener = try? Listener.open(.tcp(host: "::", port: 0)) else { return }
        #expect(listener.addressForOtherMachines != nil)
        close(listener.fileDescriptor)
    }

    @Test("After a failure to accept that nobody foresaw the server tries again by itself")
    func acceptFails() async throws {
        let listener = try Listener.open(.tcp(host: "127.0.0.1", port: 0))
        let port = try #require(listener.port)
        let (events, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
        let server = Server(listener: listener, workers: 1, observe: { continuation.yield($0) }, handler: echo)
        let task = Task { try await server.run() }
        #expect(try await RawConnection(port: port).exchange(.init(body: utf8("a")))?.text == "a")
        shutdown(listener.fileDescriptor, Int32(SHUT_RDWR))
        var seen = events.makeAsyncIterator()
        #expect(await seen.next() == .systemError(operation: "accept", errno: EINVAL))
        #expect(listen(listener.fileDescriptor, 8) == 0)
        // The system has chosen another port.
        let second = try #require(listener.port)
        #expect(try await RawConnection(port: second).exchange(.init(body: utf8("b")))?.text == "b")
        #expect(await seen.next() == .acceptingAgain)
        server.stop()
        try await task.value
    }

    @Test("IPv6 works where the machine has it")
    func version6() async throws {
        guard let listener = try? Listener.open(.tcp(host: "::1", port: 0)) else { return }
        #expect(listener.port != nil)
        close(listener.fileDescriptor)
    }
}

@Suite("A Unix socket in a folder that is not there")
struct MissingFolderTests {
    @Test("is refused with what to do")
    func missing() throws {
        let folder = try TemporaryFolder()
        let path = folder("nowhere/a.sock")
        let error = #expect(throws: ListenError.noFolder(path)) { try Listener.open(.unix(path)) }
        #expect(error?.description.contains("install -d") == true)
    }
}
