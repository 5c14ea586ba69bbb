internal import Logging
internal import OfficialAccount

/// Warns of accounts whose Token is the one that stands in the files to copy: everybody knows it, and the platform's page
/// hardly has it.
final class PlaceholderWarnings: Sendable {
    /// The Token of deploy/nginx/wechat.conf and its like.
    private static let token = "YourToken"

    private let isOn: Bool
    /// More accounts than anybody leaves at it by mistake.
    private let warned = FirstTimes(most: 64)

    /// - Parameter isOn: Whether there is anything to say; a process for one request would say it with each.
    init(isOn: Bool = true) { self.isOn = isOn }

    /// Warns of an account, the first time that it is seen.
    func look(at credentials: Credentials, of account: AccountDirectory.Served) {
        guard isOn, credentials.token.rawValue == Self.token, warned.isFirst(account.origin) else { return }
        account.logger.warning(
            """
            the Token is '\(Self.token)', the placeholder of the files to copy, with which anybody can sign: put your \
            own in its place, in \(account.replacesFile ? "the web server's WECHAT_TOKEN" : "WECHAT_TOKEN or the file"), \
            and on the platform's settings page
            """)
    }
}
