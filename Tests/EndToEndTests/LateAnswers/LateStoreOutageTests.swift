import Glibc
import OfficialAccount
import PlatformSimulator
import Synchronization
import TestSupport
import Testing

@Suite("Late answers: a store that fails", .alone)
struct LateStoreOutageTests {
    private final class End: Sendable {
        private let flag = Atomic<Bool>(false)
        var hasCome: Bool { flag.load(ordering: .relaxed) }
        func come() { flag.store(true, ordering: .relaxed) }
    }

    @Test("While Redis stands still or is gone every message is answered, and afterwards all is as before")
    func redisOutage() async throws {
        let redis = try RedisServer()
        var process = try redis.start()
        let server = try LateServer("outage", store: redis.store(), processes: 2)
        let front = try LateFront([server])
        let platform = try front.platform(server)
        let end = End()

        let reports = try await withThrowingTaskGroup(of: [DeliveryReport].self) { group in
            for sender in 0..<8 {
                group.addTask {
                    var reports: [DeliveryReport] = []
                    let user = platform.user("oSteady\(sender)")
                    while !end.hasCome {
                        let text = "hello \(reports.count)"
                        let report = await user.send(.text(text))
                        #expect(report.outcome == .reply(.text(text)), "\(report), \(server.log)")
                        reports.append(report)
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    return reports
                }
            }
            for second in stride(from: 0, to: 13, by: 1) {
                group.addTask {
                    // Some are being handled while the store goes and comes.
                    try await Task.sleep(for: .seconds(second))
                    let user = platform.user("oSlow\(second)")
                    let report = await user.send(.text("wait 3"))
                    // With what the store takes to fail it may be too late for the first delivery.
                    #expect(report.outcome == .reply(.text("waited 3 #1")), "\(second), \(report), \(server.log)")
                    return []
                }
            }
            try await Task.sleep(for: .seconds(2))
            process.signal(SIGSTOP)
            try await Task.sleep(for: .seconds(4))
            process.signal(SIGCONT)
            try await Task.sleep(for: .seconds(3))
            process.kill()
            try await Task.sleep(for: .seconds(3))
            process = try redis.start()
            try await Task.sleep(for: .seconds(3))
            end.come()
            var all: [DeliveryReport] = []
            for try await some in group { all += some }
            return all
        }
        let first = reports.compactMap(\.deliveries.first)
        #expect(first.count > 100)
        #expect(first.allSatisfy { $0.answer?.status == 200 }, "\(server.log)")
        print("Redis away: \(first.count) messages, the slowest first delivery took \(first.map(\.duration).max()!)")
        #expect(server.log.contains("can be used again"), "\(server.log)")

        // Both processes know of each other's messages again.
        let isAsBefore = await eventually {
            let users = (0..<8).map { platform.user("oAfter\($0)-\(UInt32.random(in: 0...(.max)))") }
            for user in users {
                let message = user.prepare(.text("hello"))
                for number in 1...3 {
                    #expect(await platform.deliverOnce(message, number: number).reply == .text("hello"))
                }
            }
            return users.allSatisfy { server.runs(for: $0.openID).count == 1 }
        }
        #expect(isAsBefore, "\(server.log)")
        process.kill()
    }

    @Test("A delivery that comes while the store is away joins its message where this process handles it")
    func joinsWithoutStore() async throws {
        let redis = try RedisServer()
        let process = try redis.start()
        let server = try LateServer("joins", store: redis.store())
        let front = try LateFront([server])
        let user = try front.platform(server).user("oJoins")
        async let sent = user.send(.text("wait 8"))
        _ = try await server.run(for: user.openID)
        process.kill()
        let report = await sent
        #expect(report.outcome == .reply(.text("waited 8 #1")), "\(report), \(server.log)")
        #expect(server.runs(for: user.openID).count == 1, "\(server.log)")
    }

    @Test("A store that cannot be used is named at the start, and the program ends")
    func refusedAtStart() throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: "This is no database. ", count: 100), to: "text")
        let redis = try RedisServer(password: "right")
        let process = try redis.start()
        defer { process.kill() }
        let stores = [
            "sqlite:\(folder("text"))", "sqlite:\(folder.path)", "sqlite:\(folder("none/store"))",
            "sqlite:/proc/store", redis.store(), redis.store().replacing("//", with: "//:wrong@"),
            "redis://127.0.0.1:\(try Endpoint.freePort())",
        ]
        for store in stores {
            let outcome = try run(
                [Program.path, "serve", "--listen", "unix:\(folder("s"))", "--store", store],
                environment: programEnvironment(["WECHAT_TOKEN": Account.single.token]), within: 30)
            #expect(outcome.status == 71, "\(store): \(outcome.errorText)")
            #expect(outcome.errorText.hasPrefix("store: "), "\(store): \(outcome.errorText)")
            #expect(!outcome.errorText.contains("wrong"), "\(outcome.errorText)")
            #expect(!fileExists(folder("s")), "\(store)")
        }
        #expect(try text(ofFile: folder("text")).hasPrefix("This is no database. "))
        let outcome = try run(
            [Program.path, "serve", "--listen", "unix:\(folder("s"))", "--store", "mongodb:x"],
            environment: programEnvironment(), within: 30)
        #expect(outcome.status == 78, "\(outcome.errorText)")
    }
}
