internal import FastCGI
internal import OfficialAccount
internal import OfficialAccountBot

extension LiveConfiguration {
    /// How the access tokens of the accounts do that have called the platform.
    var tokenStates: [String: TokenState] {
        var states: [String: TokenState] = [:]
        for account in directory.all {
            guard let counts = account.counts,
                let health = (account.handling.platform as? any AccessTokenReporting)?
                    .accessTokenHealth, health != AccessTokenHealth()
            else { continue }
            let failure = health.failure.map { $0.errcode.map(String.init) ?? $0.reason.word } ?? ""
            let state = TokenState(
                refreshed: (health.refreshed ?? 0) / 1000, failed: (health.failed ?? 0) / 1000, failure: failure)
            states[counts.name, default: TokenState()].merge(state)
        }
        return states
    }
}

extension PlatformError.Reason {
    /// The reason in a word.
    fileprivate var word: String {
        switch self {
        case .refused(let errcode): String(errcode)
        case .unreachable: "unreachable"
        case .unreadable: "unreadable"
        case .tooLarge: "too_large"
        case .noCredentials: "no_credentials"
        case .unsendable: "unsendable"
        case .store: "store"
        }
    }
}
