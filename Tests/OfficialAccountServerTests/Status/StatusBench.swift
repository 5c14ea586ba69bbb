import FastCGI
import Logging
import OfficialAccount
import OfficialAccountBot
import TestSupport
import Testing

@testable import OfficialAccountServer

/// A process that shows its status, without its server.
struct StatusBench {
    let folder: TemporaryFolder
    let service: StatusService
    let exchange: Exchange

    init(
        _ variables: [String: String] = [:], allow: String? = nil, in folder: TemporaryFolder? = nil,
        accounts: Accounts? = nil, bot: Bot = Bench.bot, late: LateAnswers = LateAnswers()
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        var settings = ServerSettings()
        settings.status = StatusPath(parsing: "/wechat-status")
        settings.statusFolder = folder("status")
        settings.late = late
        if let allow { settings.statusAllow = try #require(ClientNetworks(parsing: allow)) }
        let service = try #require(try StatusService(settings, version: "1.2.3", hasStore: true))
        self.service = service
        let environment = ["WECHAT_TOKEN": "hello"].merging(variables) { $1 }
        let accounts = try accounts ?? Accounts(environment: ProcessEnvironment(environment))
        let configuration = ServingConfiguration(settings: settings, accounts: accounts)
        let process = ServingProcess(
            bot: bot, store: MemoryStore(), configuration: configuration, logger: LogLines().logger(.notice),
            status: service, now: { Platform.now }, configure: { () throws(StartError) in configuration })
        exchange = process.exchange
    }

    func send(_ message: String, path: String = "/wechat", token: String = "hello") async -> Response {
        await exchange.respond(to: .test("POST", path, query: Platform(token: token).query, body: message))
    }

    func status(_ query: String = "", from address: String? = "127.0.0.1", _ method: String = "GET") async -> Response {
        var request = Request.test(method, "/wechat-status", query: query)
        if let address { request.parameters.append(name: "REMOTE_ADDR", value: address) }
        return await exchange.respond(to: request)
    }

    /// The value of a sample, as Prometheus reads it.
    func sample(_ name: String) async -> Double? {
        for line in await status("prometheus").text.split(separator: "\n") where line.hasPrefix(name + " ") {
            return Double(line.dropFirst(name.count + 1))
        }
        return nil
    }

    static func event(_ name: String) -> String {
        """
        <xml><ToUserName>gh</ToUserName><FromUserName>oSecretUser</FromUserName><CreateTime>\(name.count)</CreateTime>\
        <MsgType>event</MsgType><Event>\(name)</Event><EventKey>key</EventKey></xml>
        """
    }
}
