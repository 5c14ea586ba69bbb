import Foundation
import OfficialAccount
import OfficialAccountBot
import PlatformSimulator
import TestSupport
import Testing

/// The ways in which deliveries can come, each to one process with its memory and to two with a file.
@Suite("Late answers: time lines", .onOwnThreads)
struct LateTimelineTests {
    private struct Place: Sendable {
        var server: LateServer
        /// Two accounts of the server.
        var platform: SimulatedPlatform
        var other: SimulatedPlatform
        /// An account of a server that forgets soon.
        var forgetful: SimulatedPlatform
        var forgetfulServer: LateServer
        var name: String

        var comment: Comment { Comment(rawValue: name) }
    }

    @Test("Deliveries may come again, at once, late, in the wrong order and from two accounts")
    func timelines() async throws {
        var servers: [LateServer] = []
        for (store, count) in [("memory", 1), ("sqlite", 2)] {
            servers.append(try LateServer("\(store)lines", store: store, processes: count, accounts: ["a", "b"]))
            servers.append(
                try LateServer("\(store)short", store: store, processes: count, settings: ["keep_handled": "2"]))
        }
        let front = try LateFront(servers)
        let lines: [@Sendable (Place) async throws -> Void] = [
            retry, sameNumberOfTwoUsers, twoEventsInOneSecond, retriedEvent, eventAndMessage, secondQuestion,
            twoAccounts, lateDelivery, overtaking, overtakingTheLast,
        ]
        try await withThrowingTaskGroup { group in
            for (server, short) in [(servers[0], servers[1]), (servers[2], servers[3])] {
                let place = Place(
                    server: server, platform: try front.platform(server),
                    other: try front.platform(server, account: "b"), forgetful: try front.platform(short),
                    forgetfulServer: short, name: server.name)
                for line in lines { group.addTask { try await line(place) } }
            }
            try await group.waitForAll()
        }
    }

    @Sendable private func retry(_ place: Place) async throws {
        let user = place.platform.user("oRetry")
        let message = user.prepare(.text("wait 0.2"))
        let first = await place.platform.deliverOnce(message)
        let second = await place.platform.deliverOnce(message, number: 2)
        #expect(first.reply == .text("waited 0.2 #1"), place.comment)
        #expect(second.reply == first.reply, place.comment)
        #expect(place.server.runs(for: user.openID).count == 1, place.comment)
    }

    @Sendable private func sameNumberOfTwoUsers(_ place: Place) async throws {
        for name in ["oFirst", "oSecond"] {
            let user = place.platform.user(name)
            await user.send(.text("I am \(name)").with(messageID: 4711))
            #expect(user.texts == ["I am \(name)"], place.comment)
        }
    }

    @Sendable private func twoEventsInOneSecond(_ place: Place) async throws {
        let user = place.platform.user("oTwoEvents")
        let now = Int64(Date().timeIntervalSince1970)
        async let first = user.send(.click(key: "0.5").with(createTime: now))
        async let second = user.send(.click(key: "0.4").with(createTime: now))
        let outcomes = await [first.outcome, second.outcome]
        #expect(outcomes == [.reply(.text("clicked 0.5")), .reply(.text("clicked 0.4"))], place.comment)
        #expect(place.server.runs(for: user.openID).count == 2, place.comment)
    }

    @Sendable private func retriedEvent(_ place: Place) async throws {
        let user = place.platform.user("oEvent")
        await user.send(.click(key: "6"))
        #expect(user.texts == ["clicked 6"], place.comment)
        #expect(place.server.runs(for: user.openID).count == 1, place.comment)
    }

    @Sendable private func eventAndMessage(_ place: Place) async throws {
        let user = place.platform.user("oPlace")
        await user.send(.selectedLocation(key: "where", latitude: 23.1, longitude: 113.3))
        await user.send(.location(latitude: 23.1, longitude: 113.3))
        #expect(user.texts == ["location_select", "location"], place.comment)
        #expect(place.server.runs(for: user.openID).count == 2, place.comment)
    }

    @Sendable private func secondQuestion(_ place: Place) async throws {
        let user = place.platform.user("oTwoQuestions")
        async let first: DeliveryReport = user.send(.text("wait 6"))
        _ = try await place.server.run(for: user.openID)
        await user.send(.text("hello"))
        #expect(user.texts == ["hello"], place.comment)
        _ = await first
        #expect(user.texts == ["hello", "waited 6 #1"], place.comment)
        #expect(place.server.runs(for: user.openID).count == 2, place.comment)
    }

    @Sendable private func twoAccounts(_ place: Place) async throws {
        for platform in [place.platform, place.other] {
            let user = platform.user("oBoth")
            await user.send(.text("hello").with(messageID: 4712))
            #expect(user.texts == ["hello"], place.comment)
        }
        let runs = place.server.runs(for: "oBoth")
        #expect(Set(runs.map(\.account)).count == 2, place.comment)
        #expect(runs.count == 2, place.comment)
    }

    @Sendable private func lateDelivery(_ place: Place) async throws {
        let user = place.forgetful.user("oLate")
        let message = user.prepare(.text("wait 6"))
        let report = await place.forgetful.send(message)
        #expect(report.outcome == .reply(.text("waited 6 #1")), place.comment)
        try await Task.sleep(for: .seconds(4))
        // Nothing is left to know it by: it is a message as any other.
        let late = await place.forgetful.deliverOnce(message, number: 4)
        #expect(late.reply == nil, place.comment)
        let later = await place.forgetful.deliverOnce(message, number: 5)
        #expect(later.reply == .text("waited 6 #1"), place.comment)
        #expect(place.forgetfulServer.runs(for: user.openID).count == 2, place.comment)
    }

    @Sendable private func overtaking(_ place: Place) async throws {
        let user = place.platform.user("oOvertaken")
        let message = user.prepare(.text("wait 2"))
        async let second = place.platform.deliverOnce(message, number: 2)
        _ = try await place.server.run(for: user.openID)
        async let first = place.platform.deliverOnce(message, number: 1)
        let replies = await [first.reply, second.reply]
        #expect(replies == [.text("waited 2 #1"), .text("waited 2 #1")], place.comment)
        #expect(place.server.runs(for: user.openID).count == 1, place.comment)
    }

    /// The second delivery comes after the third: the third is the one that the platform waits for.
    @Sendable private func overtakingTheLast(_ place: Place) async throws {
        let user = place.platform.user("oOvertakenLast")
        let message = user.prepare(.text("wait 11"))
        let first = await place.platform.deliverOnce(message, number: 1)
        #expect(first.reply == nil, place.comment)
        try await Task.sleep(for: .seconds(5))
        async let third = place.platform.deliverOnce(message, number: 3)
        try await Task.sleep(for: .milliseconds(300))
        async let second = place.platform.deliverOnce(message, number: 2)
        let replies = await [second.reply, third.reply]
        #expect(replies == [.text("waited 11 #1"), .text("waited 11 #1")], place.comment)
        #expect(place.server.runs(for: user.openID).count == 1, place.comment)
    }
}
