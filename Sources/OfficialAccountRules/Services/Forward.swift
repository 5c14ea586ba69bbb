public import OfficialAccount
public import OfficialAccountBot
internal import OutboundHTTP

/// Has messages answered by an HTTP service.
///
/// ```swift
/// let shop = try Forward(url: "https://shop.example.com/wechat", secret: secret)
/// let bot = Bot {
///     Otherwise { message, context in try await shop.answer(message.message, context) ?? .none }
/// }
/// ```
///
/// The message is posted as JSON, or as the platform would post it. The answer is JSON, plain text or the platform's XML.
/// Where no connection comes about, or it is lost before the answer begins, the request is made once more; a service may
/// get a message twice, and knows it by its ID. Redirections are not followed.
public struct Forward: Sendable {
    /// How messages are posted.
    public enum Form: String, Sendable, CaseIterable {
        /// As JSON, in a form of this program's own.
        case json
        /// As the platform does: XML, signed with the account's Token and encrypted as its mode says, so that a callback
        /// server that is there already can be the service.
        case xml
    }

    let address: ServiceAddress
    let content: Content
    let timeout: Duration
    let limit: Int
    let secret: ServiceSecret?
    let headers: [ServiceHeader]
    let sessionLifetime: Double
    let connections: HTTPConnections

    enum Content: Sendable {
        case json
        case xml(PlatformSeal)
    }

    /// Describes a service; no connection is made yet.
    /// - Parameters:
    ///   - url: Its address, `http://` or `https://`. With `http://` what users write crosses the network unencrypted. It
    ///     may have a query of its own, which never appears in an error.
    ///   - form: How messages are posted.
    ///   - credentials: The account's, which ``Form/xml`` needs.
    ///   - timeout: How long an answer may take, from 0.1 to 600 seconds; a connection may take 3 seconds of it.
    ///   - limit: How many bytes an answer may have.
    ///   - secret: What the service knows, too, to check requests with; at least 16 characters.
    ///   - headers: What requests carry beside what they always do.
    ///   - sessionLifetime: For how many seconds a session is kept that the service changes.
    /// - Throws: ``ServiceSettingError``.
    public init(
        url: String, form: Form = .json, credentials: Credentials? = nil, timeout: Duration = .seconds(30),
        limit: Int = 64 << 10, secret: String? = nil, headers: [ServiceHeader] = [],
        sessionLifetime: Double = Sessions.defaultLifetime
    ) throws(ServiceSettingError) {
        try self.init(
            url: url, form: form, credentials: credentials, timeout: timeout, limit: limit, secret: secret,
            headers: headers, sessionLifetime: sessionLifetime, connections: .shared)
    }

    init(
        url: String, form: Form = .json, credentials: Credentials? = nil, timeout: Duration = .seconds(30),
        limit: Int = 64 << 10, secret: String? = nil, headers: [ServiceHeader] = [],
        sessionLifetime: Double = Sessions.defaultLifetime, connections: HTTPConnections
    ) throws(ServiceSettingError) {
        try ServiceLimits.check(timeout: timeout, limit: limit, sessionLifetime: sessionLifetime)
        address = try ServiceAddress(parsing: url)
        switch form {
        case .json: content = .json
        case .xml:
            guard let credentials else {
                throw ServiceSettingError(
                    "credentials", "to post messages as XML takes the account's Token; set it in the same file")
            }
            content = .xml(PlatformSeal(credentials))
        }
        if let secret { self.secret = try ServiceSecret(secret) } else { self.secret = nil }
        self.timeout = timeout
        self.limit = limit
        self.headers = headers
        self.sessionLifetime = sessionLifetime
        self.connections = connections
    }
}

extension Forward: Answerer {
    /// Has a message answered.
    /// - Parameters:
    ///   - message: The message.
    ///   - context: What is known beside it.
    /// - Returns: What the service answered.
    /// - Throws: ``ServiceError``, also where the service changes the user's session and the store fails.
    nonisolated(nonsending) public func answer(
        _ message: Message, _ context: Context
    ) async throws(ServiceError) -> Reply? {
        let answer = try await exchange(request(for: message, context))
        return try await answer.settled(message, context, lifetime: sessionLifetime, name: address.name)
    }
}

extension Forward: CustomStringConvertible, CustomReflectable {
    /// Host and port; the rest of the address may hold a key.
    public var description: String { "Forward(\(address.name))" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
