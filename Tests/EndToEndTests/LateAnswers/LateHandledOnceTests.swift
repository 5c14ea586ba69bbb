import OfficialAccountBot
import PlatformSimulator
import TestSupport
import Testing

@Suite("Late answers: handled once, answered once", .onOwnThreads)
struct LateHandledOnceTests {
    /// What a user is told who has to come back.
    static let notice = LateAnswers.defaultNotice

    @Test("However long it takes, a message is handled and answered once, over any store and by any process")
    func matrix() async throws {
        let redis = try RedisServer()
        let redisProcess = try redis.start()
        defer { redisProcess.kill() }
        var servers: [(server: LateServer, late: LateAnswers.Mode)] = []
        for (index, late) in LateAnswers.Mode.allCases.enumerated() {
            for (store, count) in [("memory", 1), ("sqlite", 1), ("sqlite", 4), ("redis", 1), ("redis", 4)] {
                let setting = store == "redis" ? redis.store(database: index * 5 + count) : store
                let server = try LateServer(
                    "\(store)\(count)late\(index)", store: setting, late: late.rawValue, processes: count,
                    api: late == .customerService ? try await LateServer.api() : nil)
                servers.append((server, late))
            }
        }
        let front = try LateFront(servers.map(\.server))
        try await withThrowingTaskGroup { group in
            for (server, late) in servers {
                let platform = try front.platform(server)
                for seconds in [1, 6, 12, 30] {
                    group.addTask { try await Self.converse(seconds, platform, server, late) }
                }
            }
            try await group.waitForAll()
        }
        for (server, _) in servers { await server.api?.stop() }
    }

    @Test("A process that inherited its socket says at its start that others would not know what it has handled")
    func unshared() async throws {
        let line = "messages are remembered by this process alone; where several share the socket, set store"
        for (store, isSaid) in [("memory", true), ("sqlite", false), ("none", false)] {
            let server = try LateServer("\(store)alone", store: store, processes: 2)
            // Said before the process serves, and once by each.
            let lines = server.log.split(separator: "\n").filter { $0.contains(line) }
            #expect(lines.count == (isSaid ? 2 : 0), "\(store), \(server.log)")
        }
    }

    private static func converse(
        _ seconds: Int, _ platform: SimulatedPlatform, _ server: LateServer, _ late: LateAnswers.Mode
    ) async throws {
        // Not all in the same moment.
        try await Task.sleep(for: .milliseconds(Int.random(in: 0..<2000)))
        let user = platform.user("o\(seconds)")
        let what = Comment(rawValue: "\(server.name), \(seconds) s")
        let answer = "waited \(seconds) #1"
        let report = await user.send(.text("wait \(seconds)"))
        switch late {
        case .collect where seconds < 14:
            #expect(user.texts == [answer], what)
        case .collect:
            #expect(user.texts == [notice], what)
            try await Task.sleep(for: .seconds(seconds - 12))
            await user.send(.text("1"))
            #expect(user.texts == [notice, answer], what)
        case .customerService:
            _ = await user.seen(atLeast: 1, within: .seconds(seconds + 20))
            try await Task.sleep(for: .seconds(1))
            #expect(user.texts == [answer], what)
            #expect(user.chat.first?.way == (seconds < 4 ? .passiveReply : .customerService), what)
        case .off:
            try await Task.sleep(for: .seconds(seconds))
            #expect(user.texts == (seconds < 4 ? [answer] : []), what)
        }
        let runs = server.runs(for: user.openID)
        #expect(runs.count == 1, "\(what), \(report), \(server.log)")
        #expect(!user.seen.contains(.faultNotice), "\(what), \(report), \(server.log)")
    }
}
