import Glibc
import OfficialAccount
import OfficialAccountBot
import PlatformSimulator
import TestSupport
import Testing

@Suite("Late answers: processes that go", .onOwnThreads)
struct LateDeathTests {
    private static let notice = LateHandledOnceTests.notice

    @Test(
        "A message whose process is killed is handled by another, and its user is answered",
        arguments: ["sqlite", "redis"], [1, 3])
    func killed(store: String, after seconds: Int) async throws {
        let redis = try store == "redis" ? RedisServer() : nil
        let redisProcess = try redis?.start()
        defer { redisProcess?.kill() }
        let server = try LateServer("\(store)killed\(seconds)", store: redis?.store() ?? store, processes: 2)
        let front = try LateFront([server])
        let user = try front.platform(server).user("oKilled")
        async let sent = user.send(.text("wait 12"))
        let run = try await server.run(for: user.openID)
        try await Task.sleep(for: .seconds(seconds))
        try server.process(run.pid).kill()
        let report = await sent
        for _ in 0..<4 where user.texts.last == Self.notice { await user.send(.text("1")) }
        #expect(user.texts.last == "waited 12 #2", "\(report), \(server.log)")
        #expect(!user.seen.contains(.faultNotice), "\(report), \(server.log)")
        let runs = server.runs(for: user.openID)
        #expect(runs.map(\.attempt) == [1, 2], "\(server.log)")
        #expect(Set(runs.map(\.pid)).count == 2)
    }

    @Test(
        "Killed after its user was told to come back, it is taken over by the process that the user comes to",
        arguments: ["sqlite", "redis"])
    func killedAfterNotice(store: String) async throws {
        let redis = try store == "redis" ? RedisServer() : nil
        let redisProcess = try redis?.start()
        defer { redisProcess?.kill() }
        let server = try LateServer("\(store)noticed", store: redis?.store() ?? store, processes: 2)
        let front = try LateFront([server])
        let user = try front.platform(server).user("oKilled")
        async let sent = user.send(.text("wait 20"))
        let run = try await server.run(for: user.openID)
        _ = await sent
        #expect(user.texts == [Self.notice], "\(server.log)")
        try server.process(run.pid).kill()
        for _ in 0..<4 where user.texts.last == Self.notice { await user.send(.text("1")) }
        #expect(user.texts.last == "waited 20 #2", "\(server.log)")
        #expect(!user.seen.contains(.faultNotice), "\(server.log)")
        #expect(server.runs(for: user.openID).map(\.attempt) == [1, 2], "\(server.log)")
    }

    @Test(
        "Killed after it said that it has heard, its answer is sent by the process that is left, or that comes after it",
        arguments: ["sqlite", "redis"], [1, 2])
    func killedAfterSuccess(store: String, processes: Int) async throws {
        let redis = try store == "redis" ? RedisServer() : nil
        let redisProcess = try redis?.start()
        defer { redisProcess?.kill() }
        let api = try await LateServer.api()
        let server = try LateServer(
            "\(store)heard\(processes)", store: redis?.store() ?? store, late: "customer_service", processes: processes,
            api: api, knowsAccount: true)
        let front = try LateFront([server])
        let user = try front.platform(server).user("oKilled")
        async let sent = user.send(.text("wait 8"))
        let run = try await server.run(for: user.openID)
        _ = await sent
        #expect(user.seen.isEmpty, "\(server.log)")
        try server.process(run.pid).kill()
        if processes == 1 { try server.start() }
        #expect(await eventually { user.texts == ["waited 8 #2"] }, "\(user.texts), \(server.log)")
        try await Task.sleep(for: .seconds(4))
        #expect(user.texts == ["waited 8 #2"], "\(server.log)")
        #expect(server.runs(for: user.openID).map(\.attempt) == [1, 2], "\(server.log)")
        await api.stop()
    }

    @Test(
        "A process that is replaced finishes what it handles, and its successor hands it out",
        arguments: ["sqlite", "redis"])
    func replaced(store: String) async throws {
        let redis = try store == "redis" ? RedisServer() : nil
        let redisProcess = try redis?.start()
        defer { redisProcess?.kill() }
        let server = try LateServer("\(store)replaced", store: redis?.store() ?? store)
        let front = try LateFront([server])
        let platform = try front.platform(server)
        let (early, late, waiting) = (platform.user("oEarly"), platform.user("oLate"), platform.user("oWaiting"))
        let message = waiting.prepare(.text("wait 17"))
        async let earlySent = early.send(.text("wait 8"))
        async let lateSent = late.send(.text("wait 18"))
        async let waitingSent = platform.send(message)
        for user in [early, late, waiting] { _ = try await server.run(for: user.openID) }

        let first = server.all[0]
        let second = try server.start()
        first.signal(SIGTERM)
        let reports = await [earlySent, lateSent, waitingSent]
        #expect(early.texts == ["waited 8 #1"], "\(reports), \(server.log)")
        #expect(late.texts == [Self.notice], "\(reports), \(server.log)")
        await late.send(.text("1"))
        #expect(late.texts == [Self.notice, "waited 18 #1"], "\(server.log)")
        #expect(await eventually { first.exitStatus != nil })
        #expect(first.exitStatus == 0, "\(server.log)")

        // The next one knows only what is in the store.
        try server.start()
        second.signal(SIGTERM)
        #expect(await eventually { second.exitStatus != nil })
        #expect(await platform.deliverOnce(message, number: 3).reply == .text(Self.notice))
        await waiting.send(.text("1"))
        #expect(waiting.texts == [Self.notice, Self.notice, "waited 17 #1"], "\(server.log)")
        for user in [early, late, waiting] {
            #expect(server.runs(for: user.openID).map(\.attempt) == [1], "\(server.log)")
        }
    }
}
