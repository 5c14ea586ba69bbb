import OfficialAccount
import PlatformSimulator

/// A server that does all as it should, but for what a test breaks in it.
struct DoctorServer {
    /// Whose server it is; the doctor speaks for ``Accounts/credentials(_:token:appID:key:)`` in the same mode.
    var credentials: Credentials
    /// How far its clock is ahead, in seconds.
    var ahead: Int64 = 0
    /// What it replies.
    var reply: @Sendable (Message) -> Reply = { _ in .text("好") }

    init(_ mode: EncryptionMode = .plain) throws { credentials = try Accounts.credentials(mode) }

    /// A right answer, or a refusal.
    func answer(_ request: ReceivedRequest) -> Script {
        let callback = Callback(credentials: credentials)
        let query = request.query
        let values = CallbackQuery { name in query[name.description].map { Array($0.utf8)[...] } }
        let now = Accounts.time() + ahead
        do {
            if request.line.hasPrefix("GET") {
                let echo = try callback.echo(values, now: now, maxAge: 300)
                return .send(Script.dated(echo, type: "text/plain", seconds: now))
            }
            let delivery = try callback.open(request.body, query: values, now: now, maxAge: 300)
            var generator = SystemRandomNumberGenerator()
            let sealed = callback.seal(
                reply(delivery.message), for: delivery, createTime: Accounts.time(), using: &generator)
            return .send(Script.dated(sealed.body, type: "text/xml", seconds: now))
        } catch {
            return .send(Script.dated(Array("no\n".utf8), type: "text/plain", status: "403 Forbidden", seconds: now))
        }
    }
}

extension Script {
    /// An answer with a Date.
    static func dated(
        _ body: [UInt8], type: String, status: String = "200 OK", seconds: Int64 = Accounts.time(),
        headers: [String] = []
    ) -> [UInt8] {
        let lines =
            [
                "HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)", "Connection: close",
                "Date: \(Accounts.date(seconds))",
            ] + headers
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    /// The bytes that it sends at once.
    var bytes: [UInt8] {
        switch self {
        case .send(let bytes), .sendAndHold(let bytes), .wait(_, let bytes): bytes
        }
    }
}

extension ReceivedRequest {
    var isVerification: Bool { line.hasPrefix("GET") }
    var hasQuery: Bool { !query.isEmpty }
    var echostr: String { query["echostr"] ?? "" }
}

/// What the doctor finds about a server, each code once; that the server is a local one is left out.
func findings(
    in mode: EncryptionMode = .plain, patience: Duration = .seconds(20), slow: Duration = .seconds(10),
    deliveries: Int = 1, messages: Bool = true, _ script: @escaping @Sendable (ReceivedRequest) -> Script
) async throws -> [FindingCode] {
    let server = try ScriptedServer(script)
    var doctor = Doctor(.http(server.url), credentials: try Accounts.credentials(mode))
    doctor.rule = DeliveryRule(patience: patience, deliveries: deliveries)
    doctor.slow = slow
    if !messages { doctor.text = nil }
    return await doctor.examine().findings.map(\.code).filter { $0 != .localAddress }
}
