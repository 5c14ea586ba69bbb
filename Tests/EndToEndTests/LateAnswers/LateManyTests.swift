import Glibc
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("Late answers: many at once", .alone)
struct LateManyTests {
    @Test("A thousand messages are waited for at once, by a few threads and with little memory, and all are answered")
    func thousand() async throws {
        let count = 1000
        let server = try LateServer("thousand", store: "memory")
        let front = try LateFront([server])
        // On a slow machine some messages do not get through in three deliveries, which is not what is asked here.
        let platform = try front.platform(server, rule: DeliveryRule(deliveries: 12))
        let pid = server.all[0].pid
        await platform.user("oFirst").send(.text("wait 0.1"))
        let before = try Status(pid)
        await withTaskGroup { group in
            for number in 0..<count {
                group.addTask {
                    let user = platform.user("oMany\(number)")
                    let report = await user.send(.text("wait 8"))
                    // On a slow machine it may be too late for all deliveries.
                    for _ in 0..<5 where user.texts.last == LateHandledOnceTests.notice { await user.send(.text("1")) }
                    #expect(user.texts.last == "waited 8 #1", "\(report)")
                    #expect(!user.seen.contains(.faultNotice), "\(report)")
                }
            }
            group.addTask {
                #expect(await eventually { server.runs.count == count + 1 })
                guard let during = try? Status(pid) else { return }
                print(
                    "Waiting: \((during.memory - before.memory) / count) bytes a message, \(during.threads) threads")
                #expect(during.threads <= 16)
            }
        }
        #expect(server.runs.count == count + 1)
        #expect(server.runs.allSatisfy { $0.attempt == 1 })
    }

    @Test("Four processes that need an access token at once fetch one")
    func oneToken() async throws {
        let api = try await LateServer.api()
        let server = try LateServer("tokens", store: "sqlite", late: "customer_service", processes: 4, api: api)
        let front = try LateFront([server])
        let platform = try front.platform(server)
        await withTaskGroup { group in
            for number in 0..<40 {
                group.addTask {
                    let user = platform.user("oToken\(number)")
                    await user.send(.text("wait 5"))
                    #expect(
                        await user.seen(atLeast: 1, within: .seconds(20)) == [.text("waited 5 #1")],
                        "\(server.log)")
                }
            }
        }
        #expect(api.calls(of: .stableToken).count == 1)
        #expect(Set(server.runs.map(\.pid)).count > 1)
        await api.stop()
    }

    /// What the system says of a process.
    private struct Status {
        /// Bytes in memory.
        var memory: Int
        var threads: Int

        init(_ pid: pid_t) throws {
            let lines = try text(ofFile: "/proc/\(pid)/status").split(separator: "\n")
            func number(_ name: String) throws -> Int {
                let line = try #require(lines.first { $0.hasPrefix("\(name):") })
                return try #require(line.split { !$0.isNumber }.first.flatMap { Int($0) })
            }
            memory = try number("VmRSS") * 1024
            threads = try number("Threads")
        }
    }
}
