import Foundation
import Glibc
import PlatformSimulator
import TestSupport

/// Processes of the bot that takes its time, which share their status, behind nginx with deploy/nginx/status.conf.
final class StatusFixture: Sendable {
    let server: LateServer
    let folder: TemporaryFolder
    private let nginx: Nginx

    init(
        _ name: String, store: String = "memory", processes: Int = 1, late: String = "collect",
        settings: [String: String] = [:], api: SimulatedAPI? = nil
    ) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let own = ["status": "/wechat-status", "status_folder": folder("status")]
        let server = try LateServer(
            name, store: store, late: late, processes: processes, settings: own.merging(settings) { $1 }, api: api)
        self.server = server
        let location = try Checkout.deploy(
            "nginx/status.conf", edits: ["fastcgi_pass wechat_fcgi": "fastcgi_pass \(name)"])
        nginx = try Nginx(
            in: TemporaryFolder(), http: server.upstream(), server: try server.locations() + "\n" + location)
    }

    /// The address of the status.
    var address: String { "http://127.0.0.1:\(nginx.port)/wechat-status" }

    /// The platform, which delivers by way of nginx.
    func platform() throws -> SimulatedPlatform { try server.platform(port: nginx.port) }

    /// Asks for the status by way of nginx.
    func status(_ query: String = "") throws -> HTTPResponse {
        try HTTPRequest("GET", "/wechat-status?\(query)").send(to: .loopback(port: nginx.port))
    }

    /// The status, as `?json` has it.
    func counts() throws -> [String: Any] {
        var response = try status("json")
        // Another process is adding up: it says to try again.
        let deadline = Deadline(seconds: 30)
        while response.status == 503, response["Retry-After"] != nil, !deadline.hasPassed {
            deadline.pause()
            response = try status("json")
        }
        guard response.status == 200 else { throw TestError("status \(response.status): \(response.text)") }
        let object = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        return object ?? [:]
    }

    /// One number of it, such as `messages.text`; 0 where it is not there.
    func count(_ path: String) throws -> Int { Self.count(try counts(), path) }

    static func count(_ counts: [String: Any], _ path: String) -> Int {
        var value: Any? = counts
        for name in path.split(separator: ".") { value = (value as? [String: Any])?[String(name)] }
        return value as? Int ?? 0
    }

    /// Waits for the numbers of some names, or of one number for each, and says what is there if they do not come.
    func expect(_ numbers: KeyValuePairs<String, Int>, _ comment: String = "") async throws {
        let numbers = Array(numbers)
        let came = try await eventually {
            let counts = try self.counts()
            return numbers.allSatisfy { Self.count(counts, $0.key) == $0.value }
        }
        guard !came else { return }
        throw TestError("not \(numbers) \(comment): \(try status("json").text), \(server.log)")
    }

    /// What it tells of the account's access token, as JSON has it; `nil` where it tells nothing.
    func token() throws -> [String: Any]? {
        let accounts = try counts()["accounts"] as? [[String: Any]] ?? []
        return accounts.first { $0["name"] as? String == LateServer.appID }?["access_token"] as? [String: Any]
    }

    /// The processes that it tells of, with how many requests each has had.
    func processes() throws -> [pid_t: Int] {
        var result: [pid_t: Int] = [:]
        for process in try counts()["processes"] as? [[String: Any]] ?? [] {
            if let pid = process["pid"] as? Int { result[pid_t(pid)] = process["requests"] as? Int ?? 0 }
        }
        return result
    }

    /// A message, sent straight to the socket, so that whichever process is next has it.
    @discardableResult
    func send(_ text: String) throws -> HTTPResponse {
        let (variables, body) = try message(text)
        return try FastCGIExchange.answer(variables: variables, body: body, from: server.socket)
    }

    /// Sends a message whose answer nobody waits for.
    /// - Returns: The connection, to be closed.
    func begin(_ text: String) throws -> Int32 {
        let (variables, body) = try message(text)
        let connection = try server.socket.connect()
        sendAll(FastCGIRequest(parameters: variables.map { ($0.key, $0.value) }, body: body).bytes, to: connection)
        return connection
    }

    private func message(_ text: String) throws -> (variables: [String: String], body: [UInt8]) {
        let account = Account(path: "/\(server.name)/a", token: server.token("a"))
        let request = try account.delivery(of: SampleMessage.text(text).xml)
        return (request.cgiVariables.merging(["WECHAT_TOKEN": account.token]) { $1 }, request.bodyBytes)
    }
}
