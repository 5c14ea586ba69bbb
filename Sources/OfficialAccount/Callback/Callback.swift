/// The exchange with the platform as pure functions: who runs a web server of any kind hands in what came and sends
/// what comes out.
public struct Callback: Sendable {
    /// The account's credentials.
    public let credentials: Credentials
    /// What a message may cost at the most.
    public let limits: MessageLimits

    /// Creates the exchange of an account.
    /// - Parameters:
    ///   - credentials: The account's credentials.
    ///   - limits: What a message may cost at the most.
    public init(credentials: Credentials, limits: MessageLimits = MessageLimits()) {
        self.credentials = credentials
        self.limits = limits
    }

    /// Checks that a request comes from the platform, by its `signature` and its age.
    /// - Parameters:
    ///   - query: The request's parameters.
    ///   - now: The time, in seconds since 1970.
    ///   - maxAge: How far the request's time may be from it, either way, in seconds; 0 for any.
    /// - Throws: ``CallbackError``, always of kind `refused`.
    public func verify(_ query: CallbackQuery, now: Int64, maxAge: Int64) throws(CallbackError) {
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

    /// Accepts a message: checks that it comes from the platform, decrypts and reads it.
    /// - Parameters:
    ///   - body: The request's body.
    ///   - query: The request's parameters.
    ///   - now: The time, in seconds since 1970.
    ///   - maxAge: How far the request's time may be from it, either way, in seconds; 0 for any.
    /// - Returns: The message, with what its reply has to be sealed with.
    /// - Throws: ``CallbackError``.
    public func open(
        _ body: [UInt8], query: CallbackQuery, now: Int64, maxAge: Int64
    ) throws(CallbackError) -> Delivery {
        throw .signatureMissing
    }

    /// Makes the body that answers a message, encrypted where the message was, with the key that opened it.
    /// - Parameters:
    ///   - reply: What is answered.
    ///   - delivery: The message.
    ///   - createTime: The time, in seconds since 1970.
    ///   - generator: Where the random bytes of an encrypted reply come from.
    /// - Returns: The body, its type, and what had to be changed in the reply.
    public func seal(
        _ reply: Reply, for delivery: Delivery, createTime: Int64, using generator: inout some RandomNumberGenerator
    ) -> SealedReply {
        SealedReply(body: Array("success".utf8), contentType: "text/plain", warnings: [])
    }
}

extension Callback: CustomStringConvertible, CustomReflectable {
    /// The description of the account's credentials, which has nothing secret.
    public var description: String { "Callback(\(credentials))" }
    /// A mirror of what the description shows.
    public var customMirror: Mirror { Mirror(self, children: ["credentials": credentials]) }
}
