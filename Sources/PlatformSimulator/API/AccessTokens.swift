internal import FoundationEssentials
internal import OfficialAccount

/// The access tokens of the account: the platform's page on stable access tokens.
struct AccessTokens: Sendable {
    /// Seconds for which a token is good.
    static let lifetime: Double = 7200
    /// Seconds before a token's end from which on the next one is handed out; both are good meanwhile.
    static let renewal: Double = 300
    /// How often a day a new token can be forced, and how many seconds apart.
    static let forcedPerDay = 20
    static let forcedApart: Double = 30
    /// Clients must be able to keep that many characters.
    private static let length = 512

    private let appID: AppID
    private let secret: AppSecret
    private(set) var current: String?
    private var ends: [String: Date] = [:]
    private var forced: [Date] = []

    init(appID: AppID, secret: AppSecret) {
        self.appID = appID
        self.secret = secret
    }

    /// Answers a call for a token.
    mutating func issue(_ body: [UInt8], now: Date) throws(Refused) -> JSONValue {
        guard let json = JSONValue(parsing: body) else { throw Refused(47001, "data format error") }
        guard json["grant_type"] == "client_credential" else { throw Refused(40002, "invalid grant_type") }
        guard let appID = json["appid"].string else { throw Refused(41002, "appid missing") }
        guard appID == self.appID.rawValue else { throw Refused(40013, "invalid appid") }
        guard let secret = json["secret"].string else { throw Refused(41004, "appsecret missing") }
        guard secret == self.secret.rawValue else { throw Refused(40125, "invalid appsecret") }
        if json["force_refresh"] == .bool(true) {
            try force(now: now)
        } else if let current, left(of: current, now: now) > Self.renewal {
            return answer(current, now: now)
        }
        let token = renew(now: now)
        return answer(token, now: now)
    }

    /// Holds a call to the token it carries.
    func check(_ token: String?, now: Date) throws(Refused) {
        guard let token, !token.isEmpty else { throw Refused(41001, "access_token missing") }
        guard ends[token] != nil else {
            throw Refused(40001, "invalid credential, access_token is invalid or not latest")
        }
        guard left(of: token, now: now) > 0 else { throw Refused(42001, "access_token expired") }
    }

    /// Makes all tokens invalid, as when another program forces a new one.
    mutating func invalidate() {
        ends = [:]
        current = nil
    }

    private mutating func force(now: Date) throws(Refused) {
        forced.removeAll { now.timeIntervalSince($0) >= 86_400 }
        if let last = forced.last, now.timeIntervalSince(last) < Self.forcedApart {
            throw Refused(45011, "api minute-quota reach limit, must slower, retry next minute")
        }
        guard forced.count < Self.forcedPerDay else { throw Refused(45009, "reach max api daily quota limit") }
        forced.append(now)
        invalidate()
    }

    private mutating func renew(now: Date) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        let token = String((0..<Self.length).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
        ends[token] = now.addingTimeInterval(Self.lifetime)
        current = token
        return token
    }

    private func left(of token: String, now: Date) -> Double { ends[token]?.timeIntervalSince(now) ?? 0 }

    private func answer(_ token: String, now: Date) -> JSONValue {
        ["access_token": .string(token), "expires_in": .integer(Int64(left(of: token, now: now)))]
    }
}
