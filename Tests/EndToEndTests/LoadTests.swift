import FastCGI
import Glibc
import TestSupport
import Testing

/// What becomes of messages that come without a pause while processes end, with nginx set up as in deploy/nginx.
@Suite("Under load", .serialized)
struct LoadTests {
    @Test("a process that starts itself anew, again and again, loses no message")
    func replaced() async throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, ["--socket-mode", "0666"])
        let nginx = try NginxFront(endpoint: server.endpoint)
        try await expectAllAnswered(by: nginx) {
            var serving = server.process.pid
            for _ in 0..<3 {
                kill(serving, SIGUSR2)
                let old = serving
                // The old process ends when nginx has given up the connections that it kept.
                let isReplaced = try await eventually {
                    let pids = try processes(withArgument: "\(server.endpoint)")
                    return !pids.isEmpty && !pids.contains(old)
                }
                #expect(isReplaced)
                serving = try #require(try processes(withArgument: "\(server.endpoint)").first)
            }
        }
    }

    @Test("of several processes on one socket, one that is killed loses no message")
    func killed() async throws {
        let spawned = try SpawnedProcesses(4)
        #expect(spawned.pids.count == 4)
        let nginx = try NginxFront(endpoint: spawned.endpoint)
        try await expectAllAnswered(by: nginx) {
            for pid in spawned.pids.dropLast() {
                kill(pid, SIGKILL)
                // Until nginx has given up what it kept for the repeated ones: several in a second are too much for it.
                try await Task.sleep(for: .seconds(2))
            }
        }
    }

    @Test(
        "of two processes with a socket each, one that is killed or told to stop loses no message",
        arguments: [SIGKILL, SIGTERM])
    func ownSockets(signal: Int32) async throws {
        let folder = try TemporaryFolder()
        let servers = try ["a", "b"].map { try Server(in: folder, socket: $0, ["--socket-mode", "0666"]) }
        let nginx = try NginxFront(endpoint: servers[0].endpoint, second: servers[1].endpoint)
        try await expectAllAnswered(by: nginx) {
            servers[1].process.signal(signal)
            #expect(await eventually { servers[1].process.exitStatus != nil })
            #expect(servers[1].process.exitStatus == (signal == SIGTERM ? 0 : 128 + SIGKILL))
        }
    }

    /// Has several clients send messages without a pause, for a moment before and after `event` too, and holds each
    /// answer to what it must be.
    private func expectAllAnswered(
        by nginx: NginxFront, during event: @Sendable () async throws -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answers = Locked([Int](repeating: 0, count: 8))
        @Sendable func each(hasMoreThan floor: [Int]) async -> Bool {
            await eventually { answers.withLock { zip($0, floor).allSatisfy { $0 >= $1 + 2 } } }
        }
        let clients = (0..<8).map { client in
            Task {
                var wrong: [String] = []
                var count = 0
                while !Task.isCancelled {
                    count += 1
                    let message = SampleMessage.text("\(client).\(count)")
                    do {
                        let response = try await nginx.answerSoon(to: Account.single.delivery(of: message.xml))
                        if response.status != 200 {
                            wrong.append("\(message.xml): \(response.status)")
                        } else if try Account.single.read(response) != message.reply {
                            wrong.append("\(message.xml): another answer")
                        }
                    } catch {
                        wrong.append("\(message.xml): \(error)")
                    }
                    answers.withLock { $0[client] += 1 }
                }
                return (count, wrong)
            }
        }
        defer { for client in clients { client.cancel() } }
        #expect(await each(hasMoreThan: answers.withLock { $0 }), sourceLocation: sourceLocation)
        try await event()
        #expect(await each(hasMoreThan: answers.withLock { $0 }), sourceLocation: sourceLocation)
        for client in clients { client.cancel() }
        for client in clients {
            let (count, wrong) = await client.value
            #expect(count > 1, sourceLocation: sourceLocation)
            #expect(wrong == [], sourceLocation: sourceLocation)
        }
    }
}
