internal import FastCGI
public import FoundationEssentials
public import OfficialAccount

/// The platform, as one account's server sees it: it signs, encrypts and delivers what users do, waits, tries again, and
/// shows users what it makes of the answers.
///
/// ```swift
/// let platform = SimulatedPlatform(
///     credentials: Credentials(token: try Token(parsing: "YourToken")), target: HTTPTarget("http://127.0.0.1:8080/wechat"))
/// let user = platform.user("oAlice")
/// let report = await user.send(.text("你好"))
/// #expect(report.outcome == .reply(.text("你好")))
/// #expect(user.texts == ["你好"])
/// ```
public final class SimulatedPlatform: Sendable {
    /// The account's original ID: `ToUserName` of what users send.
    public let originalID: String
    /// How patient the platform is.
    public let rule: DeliveryRule
    /// The platform's interface for calls out, where it is simulated too.
    public let api: SimulatedAPI?

    let chats: Chats
    private let credentials: Credentials
    private let seal: PlatformSeal
    private let target: any CallbackTarget
    private let now: @Sendable () -> Date
    private let nextMessageID = Locked<UInt64>(UInt64.random(in: 20_000_000_000_000_000...25_000_000_000_000_000))

    /// Creates a platform with one account.
    /// - Parameters:
    ///   - credentials: What the account's owner typed on the settings page. The current Token and key are used, not the
    ///     previous ones; the mode decides how messages are sent.
    ///   - originalID: The account's original ID.
    ///   - target: The account's URL.
    ///   - rule: How patient the platform is.
    ///   - api: The interface for calls out, whose customer-service messages users see too.
    ///   - now: The clock, for `CreateTime`, `timestamp` and records.
    public init(
        credentials: Credentials, originalID: String = "gh_simulated", target: any CallbackTarget,
        rule: DeliveryRule = DeliveryRule(), api: SimulatedAPI? = nil, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.originalID = originalID
        self.rule = rule
        self.api = api
        self.target = target
        self.now = now
        self.credentials = credentials
        seal = PlatformSeal(credentials)
        chats = api?.chats ?? Chats()
    }

    /// A user of the account.
    /// - Parameter openID: The user's OpenID.
    public func user(_ openID: String) -> SimulatedUser { SimulatedUser(openID: openID, platform: self) }

    /// Gives a message its sender, its ID and its time.
    /// - Parameters:
    ///   - message: The message.
    ///   - openID: The sender's OpenID.
    public func prepare(_ message: SimulatedMessage, from openID: String) -> PreparedMessage {
        let id = nextMessageID.withLock { id in
            id += 1
            return id
        }
        return message.prepared(from: openID, to: originalID, messageID: id, now: seconds)
    }

    /// Signs and, in the account's mode, encrypts a message.
    /// - Parameters:
    ///   - message: The message.
    ///   - timestamp: When the platform signs, in seconds since 1970; by default now.
    ///   - nonce: A random text; by default a new one.
    public func request(
        for message: PreparedMessage, timestamp: Int64? = nil, nonce: String? = nil
    ) -> CallbackRequest {
        CallbackRequest(
            carrying: message, sealedBy: seal, timestamp: String(timestamp ?? seconds), nonce: nonce ?? Self.nonce())
    }

    /// Delivers a message until there is an answer that can be used, as often as the platform does.
    /// - Parameters:
    ///   - message: The message.
    ///   - openID: The sender's OpenID.
    public func send(_ message: SimulatedMessage, from openID: String) async -> DeliveryReport {
        await send(prepare(message, from: openID))
    }

    /// Delivers a message until there is an answer that can be used, as often as the platform does.
    /// - Parameters:
    ///   - message: The message.
    ///   - delivered: Gets each delivery when it has ended.
    public func send(
        _ message: PreparedMessage, delivered: (DeliveryRecord) -> Void = { _ in }
    ) async -> DeliveryReport {
        var deliveries: [DeliveryRecord] = []
        while true {
            let record = await deliverOnce(message, number: deliveries.count + 1)
            deliveries.append(record)
            delivered(record)
            switch record.result {
            case .success(let reply):
                let outcome: DeliveryReport.Outcome = reply == .none ? .nothing : .reply(reply)
                return DeliveryReport(message: message, deliveries: deliveries, outcome: outcome)
            case .failure(let fault):
                if deliveries.count >= rule.deliveries || Task.isCancelled {
                    chats.show(.faultNotice, by: .platform, to: message.openID)
                    return DeliveryReport(message: message, deliveries: deliveries, outcome: .faultNotice(fault))
                }
                if rule.pause > .zero { try? await Task.sleep(for: rule.pause) }
            }
        }
    }

    /// Delivers a message once, freshly signed. For time lines that a test makes up itself: deliveries in parallel, a
    /// second one that overtakes the first, one long after the others.
    ///
    /// What the account says is shown to the user; the notice is not, whatever comes.
    /// - Parameters:
    ///   - message: The message.
    ///   - number: Which delivery it is, for the record. At the first one the user acts, which allows customer-service
    ///     messages.
    ///   - patience: How long to wait, by default as long as the rule says.
    public func deliverOnce(
        _ message: PreparedMessage, number: Int = 1, patience: Duration? = nil
    ) async -> DeliveryRecord {
        await deliver(request(for: message), of: message, number: number, patience: patience)
    }

    /// Delivers a request as it is, for what a test has changed in it.
    /// - Parameters:
    ///   - request: The request.
    ///   - message: The message that it carries.
    ///   - number: Which delivery it is, for the record. At the first one the user acts, which allows customer-service
    ///     messages.
    ///   - patience: How long to wait, by default as long as the rule says.
    public func deliver(
        _ request: CallbackRequest, of message: PreparedMessage, number: Int = 1, patience: Duration? = nil
    ) async -> DeliveryRecord {
        // The user has acted before the platform delivers, however often it does.
        if number == 1 { api?.userDidAct(in: message) }
        let exchange = await exchange(request, patience: patience ?? rule.patience)
        let reading: AnswerReading =
            switch exchange.result {
            case .success(let answer): AnswerReader(seal: seal, message: message, now: seconds).read(answer)
            case .failure(let fault): AnswerReading(result: .failure(fault))
            }
        if case .success(let reply) = reading.result { show(reply, to: message.openID) }
        return DeliveryRecord(
            number: number, startedAt: exchange.startedAt, duration: exchange.duration, request: request,
            messageXML: message.xml, answer: try? exchange.result.get(), replyXML: reading.xml,
            result: reading.result, warnings: reading.warnings, url: url)
    }

    /// The same platform for the same account, were it in plain mode.
    var inPlainMode: SimulatedPlatform {
        SimulatedPlatform(
            credentials: Credentials(token: credentials.token), originalID: originalID, target: target, rule: rule,
            now: now)
    }

    private func show(_ reply: Reply, to openID: String) {
        switch reply.content {
        case .none, .transferToCustomerService: break
        default: chats.show(.reply(reply), by: .passiveReply, to: openID)
        }
    }
}

extension SimulatedPlatform {
    /// Verifies the URL, as the platform does when its owner sets it.
    /// - Parameter echostr: What must come back; by default a random number of 19 digits.
    public func verify(echostr: String? = nil) async -> VerificationRecord {
        let echostr = echostr ?? String(UInt64.random(in: 1_000_000_000_000_000_000...9_000_000_000_000_000_000))
        return await verify(verification(echostr: echostr))
    }

    /// Makes the request that verifies the URL.
    /// - Parameters:
    ///   - echostr: What must come back.
    ///   - timestamp: When the platform signs, in seconds since 1970; by default now.
    ///   - nonce: A random text; by default a new one.
    public func verification(echostr: String, timestamp: Int64? = nil, nonce: String? = nil) -> CallbackRequest {
        var query = seal.query(timestamp: String(timestamp ?? seconds), nonce: nonce ?? Self.nonce())
            .map { NamedValue($0.name, $0.value) }
        query.append(NamedValue("echostr", echostr))
        return CallbackRequest(method: "GET", query: query, headers: CallbackRequest.platformHeaders)
    }

    /// Verifies the URL with a request as it is, for what a test has changed in it.
    /// - Parameter request: The request; its `echostr` must come back.
    public func verify(_ request: CallbackRequest) async -> VerificationRecord {
        let exchange = await exchange(request, patience: rule.patience)
        let expected = Array((request.query.first("echostr") ?? "").utf8)
        let fault: VerificationFault? =
            switch exchange.result {
            case .success(let answer): VerificationFault(answer, expected: expected)
            case .failure(let fault): .delivery(fault)
            }
        return VerificationRecord(
            startedAt: exchange.startedAt, duration: exchange.duration, request: request,
            answer: try? exchange.result.get(), fault: fault, url: url)
    }

    private struct Exchange {
        let startedAt: Date
        let duration: Duration
        let result: Result<CallbackAnswer, DeliveryFault>
    }

    private func exchange(_ request: CallbackRequest, patience: Duration) async -> Exchange {
        let startedAt = now()
        let start = ContinuousClock.now
        let result: Result<CallbackAnswer, DeliveryFault>
        do throws(DeliveryFault) {
            result = .success(try await target.exchange(request, patience: patience))
        } catch {
            result = .failure(error)
        }
        return Exchange(startedAt: startedAt, duration: ContinuousClock.now - start, result: result)
    }

    private var url: WebAddress? { (target as? HTTPTarget).flatMap { WebAddress($0.url) } }

    private var seconds: Int64 { Int64(now().timeIntervalSince1970) }

    private static func nonce() -> String { String(UInt32.random(in: 100_000_000...2_000_000_000)) }
}
