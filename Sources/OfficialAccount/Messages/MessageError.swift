/// Why a body is not a message.
public enum MessageError: Error, Hashable {
    /// The body has more bytes than the limit.
    case tooLarge(limit: Int)
    /// The body is not well-formed XML in UTF-8. `line` is where the parser gave up, counted from 1.
    case notXML(line: Int)
    /// The body has a document type declaration, which no message has and which is refused before it is read.
    case documentType
    /// Elements are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// There are more elements than the limit.
    case tooManyElements(limit: Int)
    /// The outermost element is not `<xml>`.
    case notAnEnvelope
    /// An element that every message has is missing or empty.
    case missing(field: String)
    /// A name that every message has is longer than 128 bytes, far more than any of the platform's.
    case nameTooLong(field: String)
}

extension MessageError: CustomStringConvertible {
    /// One line for a log, without anything of the body in it.
    public var description: String {
        switch self {
        case .tooLarge(let limit): "the body is larger than \(limit) bytes"
        case .notXML(let line): "the body is not well-formed XML, line \(line)"
        case .documentType: "the body has a document type declaration"
        case .tooDeep(let limit): "the body nests elements deeper than \(limit)"
        case .tooManyElements(let limit): "the body has more than \(limit) elements"
        case .notAnEnvelope: "the outermost element of the body is not <xml>"
        case .missing(let field): "the message has no \(field)"
        case .nameTooLong(let field): "\(field) is longer than any name of the platform's"
        }
    }
}
