import FastCGI
import Logging
import OfficialAccount
import Testing

@testable import OfficialAccountServer

@Suite("A reload", .serialized)
struct ReloadTests {
    private static func configuration(_ token: String, maxAge: Int64 = 600, workers: Int = 1, maxBody: Int = 1 << 20)
        -> ServingConfiguration?
    {
        var settings = ServerSettings()
        settings.maxAge = maxAge
        settings.workers = workers
        settings.limits.bodyBytes = maxBody
        let environment = ProcessEnvironment(["WECHAT_TOKEN": token])
        return (try? Accounts(environment: environment)).map { ServingConfiguration(settings: settings, accounts: $0) }
    }

    private let lines = LogLines()
    private let next = Locked<ServingConfiguration?>(nil)

    private func process(_ token: String, maxBody: Int = 1 << 20) throws -> ServingProcess {
        ServingProcess(
            bot: Bench.bot, configuration: try #require(Self.configuration(token, maxBody: maxBody)),
            logger: lines.logger(.notice),
            now: { Platform.now },
            configure: { [next] () throws(StartError) in
                guard let configuration = next.withLock({ $0 }) else {
                    throw .configuration(["bot.yaml:1:1: first mistake", "bot.yaml:2:1: second mistake"])
                }
                return configuration
            })
    }

    private func status(_ exchange: Exchange, token: String, age: Int64 = 0) async -> Int {
        let query = Platform(token: token, timestamp: Platform.now - age).query
        return await exchange.respond(to: .test(query: query, body: Platform.text("x"))).status
    }

    @Test("changes accounts and age for requests from then on, and names the settings that need a new start")
    func accepted() async throws {
        let process = try process("before")
        let exchange = process.exchange
        #expect(await status(exchange, token: "before") == 200)
        next.withLock { $0 = Self.configuration("after", maxAge: 10, workers: 5) }
        process.reload()
        #expect(await status(exchange, token: "before") == 403)
        #expect(await status(exchange, token: "after") == 200)
        #expect(await status(exchange, token: "after", age: 11) == 403)
        #expect(lines.text.contains("notice: the configuration was read again"))
        #expect(lines.text.contains("warning: these settings change when the process is started anew: workers"))
    }

    @Test("with mistakes keeps what is in force, and the log has all of them")
    func refused() async throws {
        let process = try process("before")
        process.reload()
        #expect(await status(process.exchange, token: "before") == 200)
        #expect(
            lines.all == [
                "error: bot.yaml:1:1: first mistake", "error: bot.yaml:2:1: second mistake",
                "error: the configuration was not accepted; the one before stays in force",
            ])
    }

    @Test("leaves the size of a message at what the server was started with, from the setting to the parser")
    func size() async throws {
        let process = try process("before", maxBody: 4 << 20)
        func status(bytes: Int, token: String) async -> Int {
            let envelope = Platform.text("").utf8.count
            let body = Platform.text(String(repeating: "x", count: bytes - envelope))
            let query = Platform(token: token).query
            return await process.exchange.respond(to: .test(query: query, body: body)).status
        }
        #expect(await status(bytes: 2 << 20, token: "before") == 200)
        #expect(await status(bytes: 4 << 20, token: "before") == 200)
        #expect(await status(bytes: (4 << 20) + 1, token: "before") == 413)
        next.withLock { $0 = Self.configuration("after", maxBody: 1 << 20) }
        process.reload()
        #expect(await status(bytes: 4 << 20, token: "after") == 200)
        #expect(lines.text.contains("started anew: max_body"))
    }
}
