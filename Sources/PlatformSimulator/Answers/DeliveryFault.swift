/// Why a delivery failed, so that the platform tries again and, after the last time, shows the fault notice.
public enum DeliveryFault: Error, Sendable, Hashable {
    // MARK: No answer

    /// Nothing came in time. The connection was closed.
    case timeout(after: Duration)
    /// The answer began and was not whole in time. The connection was closed.
    case stalled(afterBytes: Int)
    /// No connection, or it failed before an answer; with what is known of the reason, and what to do about it.
    case unreachable(String, advice: String)
    /// The connection ended before the answer was whole.
    case cutShort
    /// What came is no HTTP answer, or over FastCGI or CGI, no answer in the form these have.
    case notHTTP
    /// The answer is larger than any that the platform understands.
    case tooLarge(limit: Int)
    /// The status is not 200. The platform follows no redirects.
    case status(Int)

    // MARK: No envelope

    /// A byte order mark stands before the answer.
    case byteOrderMark
    /// White space stands before an XML declaration.
    case spaceBeforeDeclaration
    /// The answer is JSON.
    case json
    /// The answer is a page.
    case html
    /// The answer is not UTF-8.
    case notUTF8
    /// The answer holds control characters, which XML cannot.
    case controlCharacters
    /// The answer is neither an `<xml>` envelope nor `success` nor empty.
    case notXML

    // MARK: Encryption

    /// The account is in secure mode and the answer is not encrypted.
    case notEncrypted
    /// The account is in plain mode and the answer is encrypted.
    case unexpectedlyEncrypted
    /// `MsgSignature` does not hold.
    case wrongSignature
    /// The encrypted text is not padded to a multiple of 32 bytes.
    case paddingNot32
    /// `Encrypt` does not open with the account's key.
    case undecryptable
    /// The encrypted answer carries another AppID.
    case wrongAppID

    // MARK: The reply

    /// An element is not there, or is empty.
    case missing(String)
    /// A time is not in seconds since 1970: the element's name.
    case notSeconds(String)
    /// `ToUserName` and `FromUserName` are as in the message, not swapped.
    case namesNotSwapped
    /// `ToUserName` is not the user's OpenID.
    case wrongReceiver
    /// `FromUserName` is not the account's ID.
    case wrongSender
    /// There is no reply of this `MsgType`.
    case unknownType
    /// The text is longer than 2,048 bytes of UTF-8.
    case textTooLong(bytes: Int)
    /// A media ID holds white space or control characters.
    case invalidMediaID(String)
}

extension DeliveryFault: CustomStringConvertible {
    /// What is wrong and what to do about it; nothing of what the answer says.
    public var description: String {
        switch self {
        case .timeout(let patience):
            "no answer within \(patience): answer at once, and send what takes longer by the customer-service interface"
        case .stalled(let bytes):
            "the answer stopped after \(bytes) bytes: send all of it, with a Content-Length that fits"
        case .unreachable(let reason, let advice): "no answer: \(reason); \(advice)"
        case .cutShort: "the connection ended before the answer was whole: look into the server's error log"
        case .notHTTP: "what came back is no answer of a web server"
        case .tooLarge(let limit): "the answer has more than \(limit) bytes"
        case .status(let status) where (300..<400).contains(status):
            "the answer is a redirect (\(status)), which the platform does not follow: register the address it leads to"
        case .status(let status): "the answer's status is \(status) and has to be 200"
        case .byteOrderMark: "a byte order mark stands before the answer: save the program's files without one"
        case .spaceBeforeDeclaration:
            "white space stands before the XML declaration: the answer has to begin with it"
        case .json: "the answer is JSON: answer with XML, with 'success', or with nothing"
        case .html: "the answer is a page: answer with XML, with 'success', or with nothing"
        case .notUTF8: "the answer is not UTF-8"
        case .controlCharacters: "the answer holds control characters, which XML cannot: leave them out"
        case .notXML: "the answer is no <xml> envelope: answer with one, with 'success', or with nothing"
        case .notEncrypted: "the account is in secure mode, and the answer is not encrypted"
        case .unexpectedlyEncrypted: "the account is in plain mode, and the answer is encrypted"
        case .wrongSignature:
            "MsgSignature does not hold: it is made of Token, TimeStamp, Nonce and Encrypt as they stand in the answer"
        case .paddingNot32: "the encrypted text is padded to 16 bytes: pad to a multiple of 32"
        case .undecryptable: "Encrypt does not open with the account's EncodingAESKey"
        case .wrongAppID: "the encrypted answer does not end with the account's AppID"
        case .missing(let element): "\(element) is missing or empty"
        case .notSeconds(let element): "\(element) is not in seconds since 1970"
        case .namesNotSwapped: "ToUserName and FromUserName have to be swapped in the reply"
        case .wrongReceiver: "ToUserName is not the OpenID of the user who wrote"
        case .wrongSender: "FromUserName is not the account that the user wrote to"
        case .unknownType:
            "MsgType has to be text, image, voice, video, music, news or transfer_customer_service"
        case .textTooLong(let bytes): "the text has \(bytes) bytes of UTF-8; 2,048 is the most"
        case .invalidMediaID(let element): "\(element) holds white space or control characters"
        }
    }
}
