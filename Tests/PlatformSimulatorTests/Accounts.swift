import FastCGI
import Glibc
import OfficialAccount
import PlatformSimulator

/// The accounts of these tests, and how a well-behaved server answers for them.
enum Accounts {
    static let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    static let otherKey = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFE"
    static let appID = "wx0123456789abcdef"

    static func credentials(
        _ mode: EncryptionMode, token: String = "YourToken", appID: String = appID, key: String = key
    ) throws -> Credentials {
        try Credentials(
            token: try Token(parsing: token), appID: try AppID(parsing: appID),
            encodingAESKey: try EncodingAESKey(parsing: key), encryption: mode)
    }

    /// A server that opens messages and seals replies with the library, under whatever credentials and time it is given.
    static func answer(
        _ request: ReceivedRequest, _ credentials: Credentials, createTime: Int64? = nil, reply: (Message) -> Reply
    ) throws -> [UInt8] {
        let callback = Callback(credentials: credentials)
        let delivery = try open(request, callback)
        var generator = SystemRandomNumberGenerator()
        return callback.seal(
            reply(delivery.message), for: delivery, createTime: createTime ?? time(), using: &generator
        ).body
    }

    static func open(_ request: ReceivedRequest, _ callback: Callback) throws -> Delivery {
        let query = request.query
        return try callback.open(
            request.body, query: CallbackQuery { name in query[name.description].map { Array($0.utf8)[...] } },
            now: time(), maxAge: 300)
    }

    static func time() -> Int64 {
        var seconds = timespec()
        clock_gettime(CLOCK_REALTIME, &seconds)
        return Int64(seconds.tv_sec)
    }

    /// A time as HTTP's Date has it.
    static func date(_ seconds: Int64) -> String { format("%a, %d %b %Y %H:%M:%S GMT", seconds) }

    /// A time as certificates have it.
    static func stamp(_ seconds: Int64) -> String { format("%Y%m%d%H%M%SZ", seconds) }

    private static func format(_ pattern: String, _ seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, pattern, &parts)
        return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A reply in plain XML, with what a test has wrong in it.
    static func xml(
        to receiver: String = "oAlice", from sender: String = "gh_simulated", time: String? = nil,
        _ content: String = "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[好]]></Content>"
    ) -> String {
        "<xml><ToUserName><![CDATA[\(receiver)]]></ToUserName><FromUserName><![CDATA[\(sender)]]></FromUserName>"
            + "<CreateTime>\(time ?? String(Self.time()))</CreateTime>\(content)</xml>"
    }

    /// A platform with one account in a mode. It delivers once and is patient unless a test wants it otherwise.
    static func platform(
        _ server: ScriptedServer, in mode: EncryptionMode = .plain, patience: Duration = .seconds(20),
        deliveries: Int = 1, api: SimulatedAPI? = nil
    ) throws -> SimulatedPlatform {
        SimulatedPlatform(
            credentials: try credentials(mode), target: HTTPTarget(server.url),
            rule: DeliveryRule(patience: patience, deliveries: deliveries), api: api)
    }
}
