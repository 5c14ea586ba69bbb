import FastCGI
import Logging
import OfficialAccount
import OfficialAccountBot

@testable import OfficialAccountServer

/// Keeps the log lines of a test as they would be written.
final class LogLines: Sendable {
    private let lines = Locked<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    var text: String { all.joined(separator: "\n") }

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    func logger(_ level: Logger.Level = .trace) -> Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = level
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let values = metadata.merging(event.metadata ?? [:]) { _, new in new }
            let text = values.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            lines.add("\(event.level): \(event.message)\(text)")
        }
    }
}

/// What the platform would send.
struct Platform {
    static let now: Int64 = 1_700_000_000

    var token = "hello"
    var timestamp = Platform.now
    var nonce = "n0nce"
    var appID: String?
    var key: String?

    private func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    private func sign(_ parts: String...) -> String {
        String(decoding: Signature.signature(of: parts.map(bytes)), as: UTF8.self)
    }

    var query: String {
        "signature=\(sign(token, String(timestamp), nonce))&timestamp=\(timestamp)&nonce=\(nonce)"
    }

    static func text(_ content: String, id: UInt64 = 42) -> String {
        """
        <xml><ToUserName>gh_account</ToUserName><FromUserName>oUser</FromUserName><CreateTime>1699999999</CreateTime>\
        <MsgType>text</MsgType><Content><![CDATA[\(content)]]></Content><MsgId>\(id)</MsgId></xml>
        """
    }

    /// An encrypted body and the query that goes with it.
    func encrypted(_ message: String, compatible: Bool = false) throws -> (query: String, body: String) {
        let encrypt = try encrypt(message)
        let plain = compatible ? String(message.dropFirst(5).dropLast(6)) : "<ToUserName>gh_account</ToUserName>"
        return (
            query + "&encrypt_type=aes&msg_signature=" + sign(token, String(timestamp), nonce, encrypt),
            "<xml>\(plain)<Encrypt>\(encrypt)</Encrypt></xml>"
        )
    }

    private var cipher: MessageCipher {
        get throws {
            MessageCipher(
                key: try EncodingAESKey(parsing: key ?? ""), appID: try AppID(parsing: appID ?? ""))
        }
    }

    private func encrypt(_ message: String) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let encrypted = try cipher.encrypt(Array(message.utf8), appID: Array((appID ?? "").utf8), using: &generator)
        return String(decoding: encrypted, as: UTF8.self)
    }

    /// What a reply says, decrypted where it is encrypted.
    func read(_ response: Response) throws -> String {
        let text = String(decoding: response.body, as: UTF8.self)
        guard let start = text.firstRange(of: "<Encrypt><![CDATA["), let end = text.firstRange(of: "]]></Encrypt>")
        else {
            return text
        }
        let encrypt = Array(text[start.upperBound..<end.lowerBound].utf8)[...]
        return String(decoding: try cipher.decrypt(encrypt).message, as: UTF8.self)
    }
}

extension Request {
    /// A request as a web server would hand it in.
    static func test(
        _ method: String = "POST", _ path: String = "/wechat", query: String = "", body: String = "",
        failure: BodyError? = nil, _ variables: KeyValuePairs<String, String> = [:]
    ) -> Request {
        var parameters = Parameters([
            "REQUEST_METHOD": method, "REQUEST_URI": "\(path)?\(query)", "QUERY_STRING": query,
        ])
        for (name, value) in variables { parameters.append(name: name, value: value) }
        return Request(
            parameters: parameters, body: failure.map(Result.failure) ?? .success(Array(body.utf8)))
    }
}

extension Response {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// An exchange with its log.
struct Bench {
    let lines = LogLines()
    let exchange: Exchange
    let configuration: LiveConfiguration

    static let bot = Bot {
        On(.text(equalTo: "throw")) { message, _ in throw Failure.withContent(message.content) }
        On(.text) { message, _ in .text("echo " + message.content) }
        Otherwise { _, _ in .none }
    }

    enum Failure: Error { case withContent(String) }

    init(_ accounts: Accounts, maxAge: Int64 = 600, level: Logger.Level = .notice) {
        let logger = lines.logger(level)
        configuration = LiveConfiguration(accounts: accounts, maxAge: maxAge, logger: logger)
        exchange = Exchange(bot: Self.bot, configuration: configuration, logger: logger, now: { Platform.now })
    }

    init(environment: [String: String], maxAge: Int64 = 600, level: Logger.Level = .notice) throws {
        self.init(try Accounts(environment: ProcessEnvironment(environment)), maxAge: maxAge, level: level)
    }

    func respond(_ request: Request) async -> Response { await exchange.respond(to: request) }
}
