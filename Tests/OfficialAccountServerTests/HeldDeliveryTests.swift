import FastCGI
import Logging
import OfficialAccount
import OfficialAccountBot
import TestSupport
import Testing

@testable import OfficialAccountServer

@Suite("A delivery that is left to the next one")
struct HeldDeliveryTests {
    @Test("is no refusal, neither in the log nor where it is counted")
    func held() async throws {
        var settings = HandlingSettings()
        settings.ladder.answer = 1
        settings.ladder.hold = 2
        let gate = Gate()
        let bot = Bot {
            Otherwise { _, _ in
                await gate.pass()
                return .none
            }
        }
        let lines = LogLines()
        let counting = Counting(beside: nil, hasStore: true)
        let configuration = LiveConfiguration(
            accounts: try Accounts(environment: ProcessEnvironment(["WECHAT_TOKEN": "hello"])), maxAge: 600,
            late: LateAnswers(), limits: MessageLimits(), logger: lines.logger(.info), store: MemoryStore(),
            counting: counting, platform: { _ in nil })
        let handling = MessageHandling(bot: bot, store: MemoryStore(), settings: settings)
        let exchange = Exchange(
            bot: bot, handling: handling, configuration: configuration, logger: lines.logger(.info), status: nil,
            counting: counting, now: { Platform.now })
        let response = await exchange.respond(to: .test(query: Platform().query, body: Platform.text("x")))
        #expect(response.status == 504)
        let line = try #require(lines.all.last)
        #expect(line.hasPrefix("info: left to the next delivery"), "\(line)")
        #expect(line.contains("message=42") && !line.contains("refused"))
        let counted = counting.metrics.numbers.counters.filter { $0.value > 0 }
        #expect(!counted.keys.contains { $0.name == MetricName.refusals })
        #expect(counted.first { $0.key.name == MetricName.answers }?.key["outcome"] == "next_delivery")
        await gate.open()
    }
}
