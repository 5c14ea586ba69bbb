/// The exchange with the platform as pure functions: who runs a web server of any kind hands in what came and sends
/// what comes out.
///
/// ```swift
/// let delivery = try callback.open(body, query: query, now: now, maxAge: 600)
/// let answer = callback.seal(.text("Hello"), for: delivery, createTime: now, using: &generator)
/// ```
public struct Callback: Sendable {
    /// The account's credentials.
    public let credentials: Credentials
    /// What a message may cost at the most.
    public let limits: MessageLimits

    /// The Tokens as bytes, and a cipher for each key in use, the current ones first.
    let tokens: [ArraySlice<UInt8>]
    let ciphers: [MessageCipher]

    /// Creates the exchange of an account.
    /// - Parameters:
    ///   - credentials: The account's credentials.
    ///   - limits: What a message may cost at the most.
    public init(credentials: Credentials, limits: MessageLimits = MessageLimits()) {
        self.credentials = credentials
        self.limits = limits
        tokens = [credentials.token, credentials.previousToken].compactMap { $0.map { Array($0.rawValue.utf8)[...] } }
        let keys =
            credentials.encryption == .plain
            ? [] : [credentials.encodingAESKey, credentials.previousEncodingAESKey].compactMap(\.self)
        ciphers = keys.map { MessageCipher(key: $0, appID: credentials.appID) }
    }

    /// Checks that a request comes from the platform, by its `signature` and its age.
    /// - Parameters:
    ///   - query: The request's parameters.
    ///   - now: The time, in seconds since 1970.
    ///   - maxAge: How far the request's time may be from it, either way, in seconds; 0 for any.
    /// - Throws: ``CallbackError``, always of kind `refused`.
    public func verify(_ query: CallbackQuery, now: Int64, maxAge: Int64) throws(CallbackError) {
        guard let signature = query.signature, let timestamp = query.timestamp, let nonce = query.nonce,
            !signature.isEmpty, !timestamp.isEmpty, !nonce.isEmpty
        else { throw .signatureMissing }
        guard Self.isTimestamp(timestamp) else { throw .timestampUnreadable }
        guard Self.isNonce(nonce) else { throw .nonceUnreadable }
        guard token(under: signature, of: { [$0, timestamp, nonce] }) != nil else { throw .signatureWrong }
        guard maxAge > 0 else { return }
        guard let time = Int64(decimal: timestamp) else { throw .timestampUnreadable }
        let (difference, overflow) = now.subtractingReportingOverflow(time)
        guard !overflow, difference.magnitude <= UInt64(maxAge) else {
            throw .tooOld(by: overflow ? (time < 0 ? .max : -.max) : difference)
        }
    }

    // The three texts are signed as one, without anything between them, so that their form has to be settled before the
    // signature says anything. Of free texts one could move bytes from one to the other; and where the Token sorts first
    // one could append to all of them, SHA-1's padding included, and compute the signature of that from the old one.

    /// Whether a text is a time as the platform writes it: ten digits, from 2001 to 2286.
    private static func isTimestamp(_ text: ArraySlice<UInt8>) -> Bool {
        text.count == 10 && text.first != UInt8(ascii: "0") && text.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Whether a text can be a nonce: the platform's have about ten digits; letters and some marks are for simulators.
    private static func isNonce(_ text: ArraySlice<UInt8>) -> Bool {
        text.count <= 64
            && text.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    /// The Token under which a signature holds. All Tokens are tried, whichever one it is.
    /// - Parameter texts: What is signed with a Token, itself included.
    func token(
        under signature: ArraySlice<UInt8>, of texts: (ArraySlice<UInt8>) -> [ArraySlice<UInt8>]
    ) -> ArraySlice<UInt8>? {
        var found: ArraySlice<UInt8>?
        for token in tokens where Signature.holds(signature, over: texts(token)) { found = found ?? token }
        return found
    }

    /// Answers a URL verification.
    /// - Parameters:
    ///   - query: The request's parameters.
    ///   - now: The time, in seconds since 1970.
    ///   - maxAge: How far the request's time may be from it, either way, in seconds; 0 for any.
    /// - Returns: The body of the answer, as `text/plain`: the bytes of `echostr`, nothing around them.
    /// - Throws: ``CallbackError``.
    public func echo(_ query: CallbackQuery, now: Int64, maxAge: Int64) throws(CallbackError) -> [UInt8] {
        try verify(query, now: now, maxAge: maxAge)
        guard let echostr = query.echostr, !echostr.isEmpty else { throw .echostrMissing }
        return Array(echostr)
    }
}

extension Callback: CustomStringConvertible, CustomReflectable {
    /// The description of the account's credentials, which has nothing secret.
    public var description: String { "Callback(\(credentials))" }
    /// A mirror of what the description shows.
    public var customMirror: Mirror { Mirror(self, children: ["credentials": credentials]) }
}
