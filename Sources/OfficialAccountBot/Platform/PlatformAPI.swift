public import OfficialAccount

/// The platform's interface for calls out, as a handler uses it: on behalf of the account whose message it answers.
///
/// `OfficialAccountClient` has the real one. A test hands in its own.
public protocol PlatformAPI: Sendable {
    /// Sends a message to a user by the customer-service interface, which a verified account may for a limited time and
    /// number of messages after the user did something (`POST /cgi-bin/message/custom/send`).
    /// - Parameters:
    ///   - message: What to send. `Reply.none` sends nothing; a hand-over to customer service cannot be
    ///     sent this way.
    ///   - openID: The user's OpenID.
    /// - Throws: ``PlatformError``.
    func send(_ message: Reply, to openID: String) async throws(PlatformError)

    /// Shows or hides 「正在输入」 in the user's chat (`POST /cgi-bin/message/custom/typing`).
    /// - Parameters:
    ///   - isTyping: Whether it is to be shown; the platform hides it by itself after some seconds.
    ///   - openID: The user's OpenID.
    /// - Throws: ``PlatformError``.
    func setTyping(_ isTyping: Bool, to openID: String) async throws(PlatformError)

    /// Fetches a temporary medium, such as a recording that a user sent (`GET /cgi-bin/media/get`).
    /// - Parameters:
    ///   - mediaID: The medium.
    ///   - form: Whether a recording is wanted as it was sent or in the form of higher quality.
    ///   - limit: How many bytes are taken at the most.
    /// - Returns: Its type and its bytes, which arrive as they are read.
    /// - Throws: ``PlatformError``; also while the bytes are read.
    func media(_ mediaID: MediaID, form: MediaForm, limit: Int) async throws(PlatformError) -> MediaDownload

    /// Uploads a temporary medium, which the platform keeps for three days (`POST /cgi-bin/media/upload`).
    /// - Parameter upload: The medium.
    /// - Returns: Its media ID, for replies.
    /// - Throws: ``PlatformError``.
    func upload(_ upload: MediaUpload) async throws(PlatformError) -> MediaID

    /// The addresses that the platform's callbacks come from (`GET /cgi-bin/getcallbackip`).
    /// - Returns: IP addresses and networks, as the platform writes them.
    /// - Throws: ``PlatformError``.
    func callbackAddresses() async throws(PlatformError) -> [String]
}
