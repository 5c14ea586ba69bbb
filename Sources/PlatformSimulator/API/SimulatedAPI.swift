internal import FastCGI
public import FoundationEssentials
public import OfficialAccount

/// The platform's interface for calls out, `api.weixin.qq.com`, as one account sees it: an HTTP server on the loopback
/// address that keeps tokens, windows and media, and whose faults a test chooses.
///
/// ```swift
/// let api = try await SimulatedAPI.start(appID: appID, appSecret: appSecret)
/// let platform = SimulatedPlatform(credentials: credentials, target: target, api: api)
/// // The program under test calls api.baseURL.
/// await platform.user("oAlice").send(.text("你好"))
/// let answer = await api.message(to: "oAlice", within: .seconds(5))
/// await api.stop()
/// ```
public final class SimulatedAPI: Sendable {
    /// The port that the system chose.
    public var port: Int { server.port }
    /// What stands in place of `https://api.weixin.qq.com`.
    public var baseURL: String { "http://127.0.0.1:\(server.port)" }

    let chats: Chats
    private let service: APIService
    private let server: APIServer

    private init(service: APIService, server: APIServer) {
        self.service = service
        self.server = server
        chats = service.chats
    }

    deinit { server.cancel() }

    /// Starts the interface of one account.
    /// - Parameters:
    ///   - appID: The account's AppID.
    ///   - appSecret: The account's AppSecret.
    ///   - now: The clock, for the ends of tokens and windows.
    /// - Throws: What the system says where no port can be listened on.
    public static func start(
        appID: AppID, appSecret: AppSecret, now: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> SimulatedAPI {
        let service = APIService(tokens: AccessTokens(appID: appID, secret: appSecret), now: now)
        return SimulatedAPI(service: service, server: try await .start { service.answer($0) })
    }

    /// Closes all connections and waits until that is done.
    public func stop() async {
        server.cancel()
        await server.ended()
    }

    // MARK: What users do

    /// A user writes to the account, which may then send 5 customer-service messages within 48 hours.
    /// - Parameter openID: The user's OpenID.
    public func userDidWrite(_ openID: String) { service.open(.write, for: openID) }

    /// A user taps a menu item, follows the account or scans its code, which may then send 3 customer-service messages
    /// within a minute.
    /// - Parameter openID: The user's OpenID.
    public func userDidTouch(_ openID: String) { service.open(.touch, for: openID) }

    /// A user leaves the account, which may then send nothing.
    /// - Parameter openID: The user's OpenID.
    public func userDidLeave(_ openID: String) { service.close(for: openID) }

    /// Opens the window that a message or an event opens.
    func userDidAct(in message: PreparedMessage) {
        guard message.isEvent else { return userDidWrite(message.openID) }
        switch message.eventName {
        case "CLICK", "scancode_push", "scancode_waitmsg", "subscribe", "SCAN": userDidTouch(message.openID)
        case "unsubscribe": userDidLeave(message.openID)
        default: break
        }
    }

    // MARK: What tests choose

    /// Has the next calls of a path go wrong.
    /// - Parameters:
    ///   - fault: How.
    ///   - path: Which calls.
    ///   - calls: How many of them; those chosen before come first.
    ///   - hasEffect: Whether the platform does what the call asks for all the same, and only the answer is lost.
    public func inject(_ fault: InjectedFault, for path: APIPath, calls: Int = 1, hasEffect: Bool = false) {
        service.inject(fault, for: path, calls: calls, hasEffect: hasEffect)
    }

    /// Whether the account may send customer-service messages (48001 where it may not); at first it may.
    public var isPermitted: Bool {
        get { service.isPermitted }
        set { service.isPermitted = newValue }
    }

    /// The addresses that callbacks come from.
    public var callbackAddresses: [String] {
        get { service.callbackAddresses }
        set { service.callbackAddresses = newValue }
    }

    /// Makes all access tokens invalid, as when another program forces a new one.
    public func invalidateTokens() { service.invalidateTokens() }

    /// Keeps a medium, such as one that a user sent.
    /// - Parameters:
    ///   - medium: The medium.
    ///   - id: Its media ID.
    public func keep(_ medium: SimulatedMedium, as id: String) { service.keep(medium, as: id) }

    /// A medium that is kept: one that was put there or uploaded.
    /// - Parameter id: Its media ID.
    public func medium(_ id: String) -> SimulatedMedium? { service.medium(id) }

    // MARK: What came

    /// All calls, in order.
    public var calls: [APICall] { service.calls }

    /// The calls of one path, in order.
    /// - Parameter path: The path.
    public func calls(of path: APIPath) -> [APICall] { calls.filter { $0.path == path.rawValue } }

    /// The access token that was handed out last; `nil` before the first.
    public var currentToken: String? { service.currentToken }

    /// The customer-service messages that were shown, to all users, in order.
    public var messages: [CustomerServiceMessage] { service.messages }

    /// The customer-service messages that were shown to a user, in order.
    /// - Parameter openID: The user's OpenID.
    public func messages(to openID: String) -> [CustomerServiceMessage] { messages.filter { $0.openID == openID } }

    /// Whether a user sees 「正在输入」.
    /// - Parameter openID: The user's OpenID.
    public func isTyping(to openID: String) -> Bool { service.isTyping(to: openID) }

    /// Waits for a customer-service message.
    /// - Parameters:
    ///   - openID: The user's OpenID.
    ///   - number: Which message to the user, from 1.
    ///   - time: How long to wait at the most.
    /// - Returns: The message, or `nil` where it did not come.
    public func message(to openID: String, number: Int = 1, within time: Duration) async -> CustomerServiceMessage? {
        await waiting(for: time) { messages(to: openID).dropFirst(max(number, 1) - 1).first }
    }

    /// Waits for calls.
    /// - Parameters:
    ///   - path: Their path.
    ///   - count: How many.
    ///   - time: How long to wait at the most.
    /// - Returns: Whether so many came.
    public func called(_ path: APIPath, times count: Int = 1, within time: Duration) async -> Bool {
        await waiting(for: time) { calls(of: path).count >= count ? true : nil } ?? false
    }
}
