/// Why a request of the platform is not accepted. The cases are for the log; the one who asked learns ``kind`` only.
public enum CallbackError: Error, Hashable {
    /// What the one who asked is told.
    public enum Kind: Sendable, Hashable {
        /// The request does not prove that it comes from the platform: 403.
        case refused
        /// The request is not one that the platform would make: 400.
        case malformed
    }

    /// `signature`, `timestamp` or `nonce` is missing or empty.
    case signatureMissing
    /// `signature` holds under no Token of the account.
    case signatureWrong
    /// `timestamp` is not ten digits, as seconds since 1970 are from 2001 to 2286.
    case timestampUnreadable
    /// `nonce` is longer than 64 bytes, or not letters, digits, `-`, `.` and `_` alone.
    case nonceUnreadable
    /// `timestamp` is further from the clock than allowed: positive when it lies in the past, negative in the future.
    case tooOld(by: Int64)
    /// The account takes encrypted messages only, and this one is not.
    case notEncrypted
    /// `encrypt_type` says that the message is encrypted, and the body has no `Encrypt`.
    case encryptMissing
    /// The body is encrypted, and the account has no key in use.
    case keyMissing
    /// The body is encrypted, and there is no `msg_signature`.
    case messageSignatureMissing
    /// `msg_signature` holds under no Token of the account.
    case messageSignatureWrong
    /// The encrypted message opens with no key of the account, or is another account's.
    case undecryptable(CipherError)
    /// A URL verification without `echostr`.
    case echostrMissing
    /// The body is not a message.
    case body(MessageError)

    /// What the one who asked is told.
    public var kind: Kind {
        switch self {
        case .echostrMissing, .body: .malformed
        default: .refused
        }
    }
}

extension CallbackError: CustomStringConvertible {
    /// One line for a log, without anything of the request in it.
    public var description: String {
        switch self {
        case .signatureMissing: "signature, timestamp or nonce is missing"
        case .signatureWrong: "the signature does not hold; is the Token the one on the platform's settings page?"
        case .timestampUnreadable: "the timestamp is not a number of seconds of ten digits"
        case .nonceUnreadable: "the nonce is not up to 64 letters and digits"
        case .tooOld(let seconds) where seconds < 0:
            "the timestamp is \(seconds.magnitude) s ahead of this machine's clock"
        case .tooOld(let seconds): "the timestamp is \(seconds) s behind this machine's clock"
        case .notEncrypted: "the message is not encrypted, and only encrypted ones are accepted"
        case .encryptMissing: "encrypt_type says aes, but the body has no Encrypt"
        case .keyMissing: "the message is encrypted, and no EncodingAESKey is in use"
        case .messageSignatureMissing: "the message is encrypted, but there is no msg_signature"
        case .messageSignatureWrong: "msg_signature does not hold over the encrypted message"
        case .undecryptable(let error): error.description
        case .echostrMissing: "there is no echostr to answer with"
        case .body(let error): error.description
        }
    }
}
