internal import FastCGI
internal import OfficialAccount

/// A request that gets an error for an answer: what the one who asked is told, and what the log is told.
struct Denial: Error, Sendable {
    /// What the one who asked is told: a status and one line, the same for all requests of a kind, so that it tells an
    /// attacker nothing.
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case refused
        /// As ``refused``; to say what is not in the query tells its sender nothing, and an owner whose proxy drops the
        /// query everything.
        case unsigned = "refused: signature, timestamp or nonce is missing from the query"
        case noAccount = "no account here"
        case method = "only GET and POST are answered here"
        case tooLarge = "the body is too large"
        case malformed = "not a message"
        case misconfigured = "the server is not set up for this account"
        case busy = "too many messages at once"

        var status: Int {
            switch self {
            case .refused, .unsigned: 403
            case .noAccount: 404
            case .method: 405
            case .tooLarge: 413
            case .malformed: 400
            case .misconfigured: 500
            case .busy: 503
            }
        }
    }

    /// What a denial is about, without what differs between requests for the same reason: one of few, whatever a client
    /// sends.
    enum Topic: Sendable, Hashable {
        case callback(CallbackError)
        case kind(Kind)
        case variable(String)
    }

    let kind: Kind
    /// What lines about denials like this one are counted under.
    let topic: Topic
    /// Why, for the log. Holds nothing of what the client sent, and nothing secret.
    let reason: String

    init(kind: Kind, topic: Topic? = nil, reason: String) {
        self.kind = kind
        self.topic = topic ?? .kind(kind)
        self.reason = reason
    }

    /// Whether other credentials of the account might have accepted the request.
    var isAboutCredentials: Bool {
        switch topic {
        case .callback(.signatureWrong), .callback(.messageSignatureWrong), .callback(.keyMissing),
            .callback(.notEncrypted), .callback(.undecryptable):
            true
        default: false
        }
    }

    /// The answer.
    var response: Response {
        Response(
            status: kind.status, headers: kind == .method ? [Response.Header("Allow", "GET, POST")] : [],
            body: Array((kind.rawValue + "\n").utf8))
    }
}

extension Denial {
    init(_ error: CallbackError) {
        let kind: Kind =
            switch (error, error.kind) {
            case (.body(.tooLarge), _): .tooLarge
            case (.signatureMissing, _): .unsigned
            case (_, .refused): .refused
            case (_, .malformed): .malformed
            }
        self.init(kind: kind, topic: .callback(error.withoutNumbers), reason: error.description)
    }

    init(_ error: BodyError) {
        switch error {
        case .tooLarge(let limit): self.init(kind: .tooLarge, reason: "the body is larger than \(limit) bytes")
        case .cutShort: self.init(kind: .malformed, reason: "the body is not as long as CONTENT_LENGTH says")
        }
    }

    init(_ missing: AccountDirectory.Missing) {
        switch missing {
        case .none(let paths) where paths.isEmpty:
            self.init(kind: .noAccount, reason: "no account: neither the request nor the environment has WECHAT_TOKEN")
        case .none(let paths):
            // The path itself stays out of the log: a Token may be part of it.
            self.init(kind: .noAccount, reason: "no account has the path of the request; there are \(paths)")
        case .variable(let error):
            self.init(kind: .misconfigured, topic: .variable(error.variable), reason: error.description)
        }
    }
}

extension CallbackError {
    /// The error with none of the numbers that a request decides.
    fileprivate var withoutNumbers: Self {
        switch self {
        case .tooOld(let seconds): .tooOld(by: seconds.signum())
        case .body(.notXML): .body(.notXML(line: 0))
        default: self
        }
    }
}
