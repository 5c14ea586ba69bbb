import Foundation
import TestSupport

/// The page as nginx serves it with deploy/nginx/phone.conf, in front of a bot whose account is there in each mode.
struct PhoneFixture {
    /// The paths of the account, by its mode.
    static let paths = ["plain": "/wechat", "compatible": "/wechat-compatible", "secure": "/wechat-secure"]
    static let token = "PhoneToken"

    let bot: LateServer
    let server: Nginx
    let browser: Browser

    /// Starts all of it.
    init() throws {
        // Each delivery is handled by itself, so that the bot's notes show each of them.
        bot = try LateServer("phone", store: "none", late: "off", accounts: [])
        let folder = try TemporaryFolder()
        server = try Nginx(
            in: folder, http: try bot.upstream(),
            server: try Self.page(in: folder) + Self.paths.map { try Self.location($0.key, $0.value) }.joined())
        browser = try Browser()
    }

    /// Opens the page.
    /// - Parameters:
    ///   - mode: The account's mode.
    ///   - more: What else stands behind the `#`.
    func open(mode: String = "plain", _ more: String = "") throws {
        let key = mode == "plain" ? "" : "&app_id=\(Account.secure.appID)&aes_key=\(Account.firstKey)"
        let path = Self.paths[mode] ?? ""
        try browser.open("\(address)#token=\(Self.token)&mode=\(mode)&path=\(path)\(key)&openid=oPhone\(more)")
    }

    /// The page's address.
    var address: String { "http://127.0.0.1:\(server.port)/phone/" }

    /// Writes something and sends it with Enter.
    func say(_ text: String) throws {
        try browser.type("\(text)\(Key.enter.rawValue)", into: "#text")
    }

    /// Waits for so many answers in the chat, and returns what they say.
    func answers(_ count: Int) throws -> [String] {
        try browser.wait(until: "return document.querySelectorAll('.theirs').length >= arguments[0]", count)
        return try browser.texts(of: ".theirs .bubble")
    }

    /// Waits until the newest exchange has an outcome, and returns its text.
    func outcome() throws -> String {
        try browser.wait(until: "return document.querySelector('#outcome:not(.outcome-waiting)') !== null")
        return try browser.texts(of: "#outcome").first ?? ""
    }

    /// The location that serves the page: nginx may give up root, and could not read a checkout in root's home.
    private static func page(in folder: TemporaryFolder) throws -> String {
        guard try run(["cp", "-R", Checkout.deploy("phone"), folder("phone")]).status == 0,
            try run(["chmod", "-R", "a+rX", folder("phone")]).status == 0
        else { throw TestError("no copy of the page") }
        return try Checkout.deploy("nginx/phone.conf", edits: ["/usr/share/wechat-fcgi/": "\(folder.path)/"])
    }

    private static func location(_ mode: String, _ path: String) throws -> String {
        let edits: KeyValuePairs =
            mode == "plain"
            ? ["location = /wechat": "location = \(path)", "YourToken": token, "pass wechat_fcgi": "pass phone"]
            : [
                "location = /wechat": "location = \(path)", "YourToken": token, "pass wechat_fcgi": "pass phone",
                "#fastcgi_param": "fastcgi_param", "YourAppID": Account.secure.appID,
                "YourEncodingAESKey": Account.firstKey, "WECHAT_ENCRYPTION secure": "WECHAT_ENCRYPTION \(mode)",
            ]
        return try Checkout.deploy("nginx/wechat.conf", edits: edits)
    }
}
