public import FoundationEssentials

/// A verification of the account's URL.
public struct VerificationRecord: Sendable {
    /// When it began.
    public let startedAt: Date
    /// How long it took.
    public let duration: Duration
    /// What was sent.
    public let request: CallbackRequest
    /// What came back; `nil` where nothing whole did.
    public let answer: CallbackAnswer?
    /// Why the platform does not take the URL; `nil` where it does.
    public let fault: VerificationFault?
    /// Where it went, where that is a URL.
    let url: WebAddress?
}

extension VerificationRecord: CustomStringConvertible, CustomReflectable {
    /// How the verification ended.
    public var description: String { "verification: \(fault?.description ?? "the URL is taken")" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why the platform does not take a URL: the answer has to be the bytes of `echostr` and nothing else.
public enum VerificationFault: Error, Sendable, Hashable {
    /// There is no answer with the status 200.
    case delivery(DeliveryFault)
    /// The answer is empty.
    case empty
    /// A byte order mark stands before `echostr`.
    case byteOrderMark
    /// White space stands around `echostr`.
    case spaceAround
    /// `echostr` stands in quotes, as JSON has it.
    case quoted
    /// Something else stands around `echostr`: so many bytes.
    case wrapped(extraBytes: Int)
    /// `echostr` stands in JSON.
    case json
    /// The answer is a page.
    case html
    /// `echostr` is in UTF-16 or UTF-32.
    case charset
    /// `echostr` was taken for a number, and has lost digits.
    case number
    /// `echostr` is escaped for a URL or a page.
    case escaped
    /// The answer is something else.
    case different

    /// Looks at an answer.
    /// - Returns: `nil` where it is as it must be.
    init?(_ answer: CallbackAnswer, expected: [UInt8]) {
        guard answer.status == 200 else {
            self = .delivery(.status(answer.status))
            return
        }
        let body = answer.body
        if body == expected { return nil }
        let text = String(decoding: body, as: UTF8.self)
        let echo = String(decoding: expected, as: UTF8.self)
        let bare = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        if body.isEmpty {
            self = .empty
        } else if body.starts(with: [0xEF, 0xBB, 0xBF]) {
            self = .byteOrderMark
        } else if bare == echo {
            self = .spaceAround
        } else if bare == "\"\(echo)\"" || bare == "'\(echo)'" {
            self = .quoted
        } else if bare.first == "<" {
            self = .html
        } else if let first = bare.first, "{[".contains(first), bare.contains(echo) {
            self = .json
        } else if !echo.isEmpty, body.count > expected.count, Self.isWide(body, expected) {
            self = .charset
        } else if bare == CallbackRequest.escaped(echo) || Self.withoutEntities(bare) == echo {
            self = .escaped
        } else if Self.isRounded(bare, echo) {
            self = .number
        } else if !echo.isEmpty, body.indices.contains(where: { body[$0...].starts(with: expected) }) {
            self = .wrapped(extraBytes: body.count - expected.count)
        } else {
            self = .different
        }
    }

    /// Whether a body is a text in UTF-16 or UTF-32: the text with zeros between, and perhaps a mark before it.
    private static func isWide(_ body: [UInt8], _ text: [UInt8]) -> Bool {
        body.contains(0) && body.filter { $0 != 0 && $0 != 0xFE && $0 != 0xFF } == text
    }

    private static func withoutEntities(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }

    /// Whether a text is a number that is another one's value as a floating-point number has it.
    private static func isRounded(_ text: String, _ other: String) -> Bool {
        guard text != other, other.utf8.count > 15, let value = Double(text), let expected = Double(other) else {
            return false
        }
        return abs(value - expected) <= abs(expected) * 1e-6
    }
}

extension VerificationFault: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .delivery(.status(let status)) where [401, 403].contains(status):
            "the answer's status is \(status): is the Token the one on the platform's settings page?"
        case .delivery(let fault): fault.description
        case .empty: "the answer is empty: answer with the bytes of echostr"
        case .byteOrderMark: "a byte order mark stands before echostr: save the program's files without one"
        case .spaceAround: "white space stands around echostr: answer with its bytes and nothing else"
        case .quoted: "echostr stands in quotes: answer with its bytes, not with JSON"
        case .wrapped(let bytes): "\(bytes) bytes stand around echostr: answer with its bytes and nothing else"
        case .json: "echostr stands in JSON: answer with its bytes and nothing else"
        case .html: "the answer is a page: answer with the bytes of echostr"
        case .charset: "echostr is in UTF-16 or UTF-32: answer with its bytes"
        case .number: "echostr was taken for a number and has lost digits: keep it a text"
        case .escaped: "echostr is escaped: answer with its bytes as they are once the query is decoded"
        case .different: "the answer is not echostr: answer with its bytes and nothing else"
        }
    }
}
