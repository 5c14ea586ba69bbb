internal import OfficialAccount
internal import OfficialAccountBot

/// Fetches access tokens: `POST /cgi-bin/stable_token`.
struct TokenSource: Sendable {
    var caller: Caller
    var appID: AppID
    var appSecret: AppSecret

    /// Fetches the account's token.
    /// - Parameters:
    ///   - isForced: Whether the platform is to make a new one at once, by which the old one ends. Without it, all who
    ///     ask get the same one.
    ///   - limit: How many milliseconds it may take.
    func token(isForced: Bool, within limit: Int64) async throws(PlatformError) -> AccessToken {
        let request = Request(appid: appID.rawValue, secret: appSecret.rawValue, force_refresh: isForced)
        // Forcing it twice counts twice.
        let call = try Call.post("stable_token", json: request, isRepeatable: !isForced)
        let answer: Response = try await caller.json(call, within: .milliseconds(limit))
        guard AccessToken.isValid(answer.access_token), answer.expires_in > 0 else {
            throw PlatformError(.unreadable, "the answer to stable_token has no usable access token")
        }
        let now = wallClock()
        return AccessToken(
            value: answer.access_token, fetched: now, end: now + Int64(min(answer.expires_in, 86_400)) * 1000)
    }

    private struct Request: Encodable {
        var grant_type = "client_credential"
        var appid: String
        var secret: String
        var force_refresh: Bool
    }

    private struct Response: Decodable {
        var access_token: String
        var expires_in: Int
    }
}
