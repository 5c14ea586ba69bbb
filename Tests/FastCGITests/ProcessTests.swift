import FastCGI
import Glibc
import TestSupport
import Testing

/// What needs a process of its own: the program FastCGIEcho.
@Suite("A server's process")
struct ProcessTests {
    private static let program = PipedProcess.productsFolder + "/FastCGIEcho"

    private func serve(
        _ path: String, environment: [String: String] = [:]
    ) async throws -> PipedProcess {
        let child = try PipedProcess(Self.program, ["unix:\(path)"], environment: environment)
        // A connection is taken as soon as the socket is there; an answer means that signals are heeded, too.
        #expect(await eventually { (try? await text(path, "/pid")) == "\(child.pid)" })
        return child
    }

    private func text(_ path: String, _ target: String) async throws -> String? {
        try await RawConnection(unix: path).exchange(.init("GET", target))?.text.filter { $0 != "\n" }
    }

    @Test("SIGTERM and SIGINT stop it when what is in hand is done", arguments: [SIGTERM, SIGINT])
    func graceful(signal: Int32) async throws {
        let folder = try TemporaryFolder()
        let (path, latch) = (folder("a.sock"), folder("latch"))
        makeEmptyFile(latch)
        let child = try await serve(path)
        let connection = try RawConnection(unix: path)
        try await connection.send(.init("GET", "/slow?until=\(latch)", keepsConnection: true))
        #expect(try await text(path, "/pid") == "\(child.pid)")
        child.send(signal: signal)
        #expect(await eventually { !fileExists(path) })
        removeFile(latch)
        #expect(try await connection.answer()?.text == "done\n")
        #expect(try await connection.receiveToEnd() == [])
        #expect(await child.exitStatus() == 0)
    }

    @Test("A second signal ends it at once")
    func second() async throws {
        let folder = try TemporaryFolder()
        let (path, latch) = (folder("a.sock"), folder("latch"))
        makeEmptyFile(latch)
        let child = try await serve(path)
        let connection = try RawConnection(unix: path)
        try await connection.send(.init("GET", "/slow?until=\(latch)"))
        #expect(try await text(path, "/pid") == "\(child.pid)")
        child.send(signal: SIGTERM)
        #expect(await eventually { !fileExists(path) })
        child.send(signal: SIGTERM)
        #expect(await child.exitStatus() == 128 + SIGTERM)
    }

    @Test("SIGHUP has it read its configuration again; SIGPIPE is nothing")
    func reload() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a.sock")
        let child = try await serve(path)
        child.send(signal: SIGPIPE)
        child.send(signal: SIGHUP)
        let isReloaded = try await eventually { try await text(path, "/reloads") == "1" }
        #expect(isReloaded)
        child.send(signal: SIGTERM)
        #expect(await child.exitStatus() == 0)
    }

    @Test("SIGUSR2 starts it anew on the same socket: no request is refused, and the old one ends when it is done")
    func replaced() async throws {
        let folder = try TemporaryFolder()
        let (path, latch) = (folder("a.sock"), folder("latch"))
        makeEmptyFile(latch)
        let child = try await serve(path)
        let old = try RawConnection(unix: path)
        try await old.send(.init("GET", "/slow?until=\(latch)"))
        #expect(try await text(path, "/pid") == "\(child.pid)")
        child.send(signal: SIGUSR2)
        let isReplaced = try await eventually { try await text(path, "/pid") != "\(child.pid)" }
        #expect(isReplaced)
        removeFile(latch)
        #expect(try await old.answer()?.text == "done\n")
        #expect(await child.exitStatus() == 0)
        // The file was made by the process that has gone, and is the new one's now.
        let successor = try #require(try await text(path, "/pid").flatMap { Int32($0) })
        #expect(successor != child.pid)
        kill(successor, SIGTERM)
        #expect(await eventually { !fileExists(path) })
    }

    @Test("SIGUSR2 loses no request of many that keep coming, time and again")
    func replacedUnderLoad() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a.sock")
        // Nothing is kept here, so that no process has to wait for idle connections.
        let child = try await serve(path)
        let clients = (0..<6).map { client in
            Task {
                var (count, wrong) = (0, 0)
                while !Task.isCancelled || count < 2 {
                    count += 1
                    let text = "\(client).\(count)"
                    let answer = try? await RawConnection(unix: path).exchange(.init(body: utf8(text)))
                    if answer?.text != text { wrong += 1 }
                }
                return (count, wrong)
            }
        }
        var pids = [child.pid]
        for _ in 0..<3 {
            let (known, new) = (pids, Locked<Int32?>(nil))
            kill(known[known.count - 1], SIGUSR2)
            // The old one may answer once more after the new one has.
            let isReplaced = try await eventually {
                guard let pid = try await text(path, "/pid").flatMap({ Int32($0) }), !known.contains(pid) else {
                    return false
                }
                new.withLock { $0 = pid }
                return true
            }
            #expect(isReplaced)
            pids.append(try #require(new.withLock { $0 }))
        }
        for client in clients { client.cancel() }
        for client in clients {
            let (count, wrong) = await client.value
            #expect(count > 1)
            #expect(wrong == 0)
        }
        #expect(await child.exitStatus() == 0)
        kill(pids[pids.count - 1], SIGTERM)
        #expect(await eventually { !fileExists(path) })
    }

    @Test("Of processes with a socket each, one that is killed takes only its own requests with it")
    func ownSockets() async throws {
        let folder = try TemporaryFolder()
        let (paths, latch) = ([folder("a.sock"), folder("b.sock")], folder("latch"))
        makeEmptyFile(latch)
        let children = [try await serve(paths[0]), try await serve(paths[1])]
        let waiting = try paths.map { try RawConnection(unix: $0) }
        for connection in waiting { try await connection.send(.init("GET", "/slow?until=\(latch)")) }
        for (path, child) in zip(paths, children) { #expect(try await text(path, "/pid") == "\(child.pid)") }
        children[0].send(signal: SIGKILL)
        #expect(try await waiting[0].receiveToEnd() == [])
        removeFile(latch)
        #expect(try await waiting[1].answer()?.text == "done\n")
        // Its file is left over, and a new process takes the place of a socket that nobody answers on.
        #expect(await children[0].exitStatus() == 128 + SIGKILL)
        let next = try await serve(paths[0])
        for child in [next, children[1]] {
            child.send(signal: SIGTERM)
            #expect(await child.exitStatus() == 0)
        }
    }

    @Test("A new process that fails to start leaves the old one serving")
    func notReplaced() async throws {
        let folder = try TemporaryFolder()
        let (path, trap) = (folder("a.sock"), folder("trap"))
        let child = try await serve(path, environment: ["ECHO_FAILS_WHILE_PRESENT": trap, "ECHO_EVENTS": "1"])
        makeEmptyFile(trap)
        for _ in 0..<2 {
            child.send(signal: SIGUSR2)
            #expect(try await text(path, "/pid") == "\(child.pid)")
        }
        child.send(signal: SIGTERM)
        #expect(await child.exitStatus() == 0)
        _ = await child.standardError()
    }

    @Test("A listening socket at descriptor 0 is served, by several processes at once, and outlives them")
    func inherited() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a.sock")
        let listener = try Listener.open(.unix(path))
        defer { close(listener.fileDescriptor) }
        let notifyPath = folder("notify")
        let manager = try NotifySocket(path: notifyPath)
        let children = try (0..<3).map { _ in
            // Idle, they end without waiting for the deadline, which here never comes.
            try PipedProcess(
                Self.program, environment: ["ECHO_STOP_TIMEOUT": "1000000", "NOTIFY_SOCKET": notifyPath],
                input: .descriptor(listener.fileDescriptor))
        }
        // One of them may answer all that is asked below; each heeds signals once it is ready.
        for _ in children { #expect(manager.receive() == "READY=1") }
        for _ in 0..<30 { #expect(try await text(path, "/pid") != nil) }
        children[0].send(signal: SIGKILL)
        #expect(await children[0].exitStatus() == 128 + SIGKILL)
        for _ in 0..<10 { #expect(try await text(path, "/pid") != "\(children[0].pid)") }
        for child in children.dropFirst() {
            child.send(signal: SIGTERM)
            #expect(await child.exitStatus() == 0)
        }
        #expect(fileExists(path))
        let waiting = try RawConnection(unix: path)
        try await waiting.send(.init("GET", "/pid"))
        let next = try PipedProcess(Self.program, input: .descriptor(listener.fileDescriptor))
        #expect(try await waiting.answer()?.text == "\(next.pid)\n")
    }

    @Test("Short of descriptors it stops accepting, answers what it has, and goes on by itself")
    func descriptors() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a.sock")
        let child = try await serve(path, environment: ["ECHO_DESCRIPTORS": "40", "ECHO_EVENTS": "1"])
        let connections = try (0..<60).map { _ in try RawConnection(unix: path) }
        // Those that were accepted are answered; the others wait, and have their turn as those close.
        for connection in connections { try await connection.send(.init("GET", "/pid")) }
        for connection in connections { #expect(try await connection.answer()?.text == "\(child.pid)\n") }
        let kept = try (0..<60).map { _ in try RawConnection(unix: path) }
        #expect(try await kept[0].exchange(.init("GET", "/pid", keepsConnection: true))?.status == 200)
        for connection in kept.dropFirst().dropLast() { connection.endSending() }
        #expect(try await kept[0].exchange(.init("GET", "/pid", keepsConnection: true))?.status == 200)
        #expect(try await kept[59].exchange(.init("GET", "/pid"))?.status == 200)
        child.send(signal: SIGTERM)
        #expect(await child.exitStatus() == 0)
        let log = await child.standardError()
        #expect(log.contains("descriptorLimit") && log.contains("acceptingAgain"))
    }

    @Test("Short of descriptors, handlers that wait still get theirs, and all are answered")
    func descriptorsOfHandlers() async throws {
        let folder = try TemporaryFolder()
        let (path, latch) = (folder("a.sock"), folder("latch"))
        makeEmptyFile(latch)
        let child = try await serve(path, environment: ["ECHO_DESCRIPTORS": "40", "ECHO_EVENTS": "1"])
        let waiting = try (0..<60).map { _ in try RawConnection(unix: path) }
        // The first wait of all has the runtime make its timers.
        for connection in waiting { try await connection.send(.init("GET", "/slow?until=\(latch)")) }
        let areAccepted = try await eventually { try connections(toUnixSocket: path).count { $0 != "0" } > 1 }
        #expect(areAccepted)
        removeFile(latch)
        for connection in waiting { #expect(try await connection.answer()?.text == "done\n") }
        child.send(signal: SIGTERM)
        #expect(await child.exitStatus() == 0)
        #expect(await child.standardError().contains("descriptorLimit"))
    }

    @Test("It tells the service manager when it is ready and when it stops")
    func notify() async throws {
        let folder = try TemporaryFolder()
        let (path, notifyPath) = (folder("a.sock"), folder("notify"))
        let socket = try NotifySocket(path: notifyPath)
        let child = try await serve(path, environment: ["NOTIFY_SOCKET": notifyPath])
        #expect(socket.receive() == "READY=1")
        child.send(signal: SIGHUP)
        #expect(socket.receive()?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
        #expect(socket.receive() == "READY=1")
        child.send(signal: SIGTERM)
        #expect(socket.receive() == "STOPPING=1")
        #expect(await child.exitStatus() == 0)
    }
}
