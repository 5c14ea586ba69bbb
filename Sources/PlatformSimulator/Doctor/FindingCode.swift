/// What a ``Finding`` is about, for scripts: these names stay as they are.
public enum FindingCode: String, Sendable, Hashable, CaseIterable {
    // MARK: The account

    /// The Token is not one.
    case tokenForm = "token-form"
    /// The AppID is not one.
    case appIDForm = "app-id-form"
    /// The AppSecret is not one.
    case appSecretForm = "app-secret-form"
    /// The EncodingAESKey has not 43 characters.
    case aesKeyLength = "aes-key-length"
    /// The EncodingAESKey holds other characters than it can.
    case aesKeyForm = "aes-key-form"
    /// The mode of encryption needs an EncodingAESKey or an AppID.
    case credentialMissing = "credential-missing"

    // MARK: The way to the server

    /// The URL is not one that the platform's settings page takes.
    case urlForm = "url-form"
    /// The port is not one that the platform calls.
    case urlPort = "url-port"
    /// The address is this machine's, or one of a private network.
    case localAddress = "local-address"
    /// The name leads to an address of a private network.
    case privateAddress = "private-address"
    /// The name does not exist.
    case dnsNotFound = "dns-not-found"
    /// The name could not be looked up.
    case dnsFailed = "dns-failed"
    /// Nothing listens at the port.
    case connectionRefused = "connection-refused"
    /// The address does not answer.
    case connectionTimeout = "connection-timeout"
    /// The connection fails in another way.
    case connectionFailed = "connection-failed"
    /// The certificate is over its time.
    case tlsExpired = "tls-expired"
    /// The certificate's time has not begun.
    case tlsNotYetValid = "tls-not-yet-valid"
    /// The certificate ends soon.
    case tlsExpiresSoon = "tls-expires-soon"
    /// The certificate is for another name.
    case tlsWrongHost = "tls-wrong-host"
    /// The certificate was issued by nobody who is trusted.
    case tlsUntrusted = "tls-untrusted"
    /// TLS does not come about.
    case tlsHandshake = "tls-handshake"

    // MARK: What answers

    /// 404: nothing is at the path.
    case wrongPath = "wrong-path"
    /// The URL leads to a web page.
    case webPage = "web-page"
    /// The answer is a redirect.
    case redirect = "redirect"
    /// The web server, or a firewall, keeps requests away from the program.
    case forbidden = "forbidden"
    /// The web server asks for a password.
    case loginNeeded = "login-needed"
    /// 405: the method is not taken.
    case methodRefused = "method-refused"
    /// 413: the body is not taken.
    case bodyRefused = "body-refused"
    /// 502, 504: the web server does not reach the program.
    case gateway = "gateway"
    /// 503: the server takes no more requests.
    case busy = "busy"
    /// The program fails.
    case serverError = "server-error"
    /// The program is there, and not set up for the account.
    case serverMisconfigured = "server-misconfigured"
    /// Another status than 200.
    case status = "status"
    /// What answers does not speak HTTP.
    case notHTTP = "not-http"
    /// The answer ends before it is whole.
    case cutShort = "cut-short"
    /// The answer comes when the platform has hung up.
    case tooSlow = "too-slow"
    /// The answer comes in time, if not by much.
    case slow = "slow"
    /// An answer came only when the message was delivered again.
    case lateAnswer = "late-answer"
    /// The answer is larger than any that the platform takes.
    case answerTooLarge = "answer-too-large"

    // MARK: Signatures and time

    /// The server does not accept what is signed with the Token.
    case tokenMismatch = "token-mismatch"
    /// The query does not reach the server.
    case queryDropped = "query-dropped"
    /// The server refuses because its clock is another than this machine's.
    case clockOff = "clock-off"
    /// The server's clock is another than this machine's.
    case clockDrift = "clock-drift"
    /// The server takes what is not signed with the Token.
    case forgedAccepted = "forged-accepted"

    // MARK: echostr

    /// The answer to a verification is empty.
    case echostrEmpty = "echostr-empty"
    /// A byte order mark stands before `echostr`.
    case echostrByteOrderMark = "echostr-bom"
    /// White space stands around `echostr`.
    case echostrWhitespace = "echostr-whitespace"
    /// `echostr` stands in quotes.
    case echostrQuoted = "echostr-quoted"
    /// `echostr` stands in a page.
    case echostrHTML = "echostr-html"
    /// `echostr` stands in JSON.
    case echostrJSON = "echostr-json"
    /// `echostr` is in another charset.
    case echostrCharset = "echostr-charset"
    /// `echostr` was taken for a number and has lost digits.
    case echostrNumber = "echostr-number"
    /// `echostr` is escaped for a URL or a page.
    case echostrEscaped = "echostr-escaped"
    /// Something else stands around `echostr`.
    case echostrWrapped = "echostr-wrapped"
    /// The answer is something else than `echostr`.
    case echostrDifferent = "echostr-different"

    // MARK: Encryption

    /// One side encrypts and the other does not.
    case modeMismatch = "mode-mismatch"
    /// The server refuses the encrypted message.
    case encryptedMessageRefused = "encrypted-message-refused"
    /// The server refuses the message.
    case messageRefused = "message-refused"
    /// The server takes an unencrypted message in secure mode.
    case plainAccepted = "plain-accepted"
    /// The encrypted answer carries another AppID.
    case appIDMismatch = "app-id-mismatch"
    /// The encrypted answer does not open with the key.
    case aesKeyMismatch = "aes-key-mismatch"
    /// The encrypted answer is padded to 16 bytes.
    case padding = "padding"
    /// `MsgSignature` of the answer does not hold.
    case messageSignature = "message-signature"
    /// The answer is not encrypted, and has to be.
    case replyNotEncrypted = "reply-not-encrypted"
    /// The answer is encrypted, and must not be.
    case replyEncrypted = "reply-encrypted"

    // MARK: Replies

    /// A byte order mark stands before the reply.
    case replyByteOrderMark = "reply-bom"
    /// White space stands before the XML declaration.
    case replyWhitespace = "reply-whitespace"
    /// The reply is JSON.
    case replyJSON = "reply-json"
    /// The reply is a page.
    case replyHTML = "reply-html"
    /// The reply is not UTF-8.
    case replyCharset = "reply-charset"
    /// The reply holds control characters.
    case replyControlCharacters = "reply-control-characters"
    /// The reply is not XML.
    case replyNotXML = "reply-not-xml"
    /// An element is missing, or is not as it has to be.
    case replyElement = "reply-element"
    /// A time is not in seconds.
    case replyTime = "reply-time"
    /// Sender and receiver are not swapped, or are others.
    case replyNames = "reply-names"
    /// The text is longer than is shown.
    case textTooLong = "text-too-long"
    /// More articles than are shown, or another number than is said.
    case articles = "articles"
    /// Content-Type is not XML's.
    case contentType = "content-type"
    /// A text holds a backslash and an `n`.
    case literalNewline = "literal-newline"

    // MARK: The platform's interface

    /// 40125, 40001: the AppSecret is not this AppID's.
    case secretRefused = "secret-refused"
    /// 40013: there is no such AppID.
    case appIDRefused = "app-id-refused"
    /// 40164: this machine's address is not on the account's list.
    case addressRefused = "address-refused"
    /// The platform refuses for another reason.
    case interfaceRefused = "interface-refused"
    /// The platform cannot be reached from here.
    case interfaceUnreachable = "interface-unreachable"

    /// How much it matters.
    public var severity: Finding.Severity {
        switch self {
        case .localAddress: .note
        case .privateAddress, .tlsExpiresSoon, .slow, .lateAnswer, .clockDrift, .plainAccepted, .articles,
            .contentType, .literalNewline:
            .warning
        default: .error
        }
    }
}
