/// The path at which an account is reached: `/wechat`, or with the Token as one of its elements, `/wechatMP/{token}`.
///
/// A pattern is compared element by element with the beginning of a request's path: `/wechat` is the path of
/// `/wechat`, `/wechat/` and `/wechat/more`, but not of `/wechats`. `/` is the path of every request.
public struct PathPattern: Sendable, Hashable, CustomStringConvertible {
    /// One element of a path, between two slashes.
    enum Element: Sendable, Hashable {
        case literal(ArraySlice<UInt8>)
        case token
    }

    let elements: [Element]
    /// The pattern as text, without a slash at its end.
    public let description: String

    /// The pattern that every path fits.
    public static let any = PathPattern()

    private init() {
        elements = []
        description = "/"
    }

    /// Whether one of the elements is the account's Token.
    public var holdsToken: Bool { elements.contains(.token) }

    /// Reads a pattern.
    /// - Parameter text: The path as it reads when decoded, beginning with a slash; one element of it may be `{token}`.
    /// - Throws: ``PathPatternError``, which says what is accepted.
    public init(parsing text: String) throws(PathPatternError) {
        guard text.utf8.first == UInt8(ascii: "/") else { throw .noSlashAtTheBeginning }
        guard text.utf8.count <= Self.longest else { throw .tooLong(bytes: text.utf8.count) }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || Self.notInAPath.contains($0) }) else {
            throw .characterOfAnAddress
        }
        var elements: [Element] = []
        for part in PathElements(Array(text.utf8)[...]) {
            guard !PathElements.isAmbiguous(part) else { throw .emptyOrDotElement }
            if part.elementsEqual("{token}".utf8) {
                guard !elements.contains(.token) else { throw .secondToken }
                elements.append(.token)
            } else if part.contains(UInt8(ascii: "{")) || part.contains(UInt8(ascii: "}")) {
                throw .tokenIsNoElement
            } else {
                elements.append(.literal(part))
            }
        }
        self.elements = elements
        description = text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// No web server takes an address that is longer.
    private static let longest = 2048
    /// What would make the text an encoded path or an address, rather than a decoded path.
    private static let notInAPath = Array("%?#".utf8)
}

/// Why a path for an account was refused.
public enum PathPatternError: Error, Sendable, Equatable, CustomStringConvertible {
    /// It does not begin with `/`.
    case noSlashAtTheBeginning
    /// It is longer than any request's path.
    case tooLong(bytes: Int)
    /// It holds `%`, `?`, `#` or a control character.
    case characterOfAnAddress
    /// It holds two slashes in a row, or an element `.` or `..`.
    case emptyOrDotElement
    /// `{` or `}` is in it other than as the whole element `{token}`.
    case tokenIsNoElement
    /// `{token}` is in it twice.
    case secondToken

    /// What is wrong, and what is accepted.
    public var description: String {
        switch self {
        case .noSlashAtTheBeginning: "a path begins with a slash, as in /wechat"
        case .tooLong(let bytes): "the path has \(bytes) bytes; at most 2048 are accepted"
        case .characterOfAnAddress:
            "a path is written decoded and without a query: neither % ? # nor control characters are accepted"
        case .emptyOrDotElement: "a path has no empty element (//) and none that is . or .."
        case .tokenIsNoElement: "{token} stands for a whole element of the path, as in /wechatMP/{token}"
        case .secondToken: "{token} is accepted once in a path"
        }
    }
}

/// The elements of a decoded path one after the other, without the empty one that a slash at its end would make.
struct PathElements: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ path: ArraySlice<UInt8>) {
        rest = path
        if rest.first == UInt8(ascii: "/") { rest.removeFirst() }
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let element = rest[..<end]
        rest = end == rest.endIndex ? [] : rest[(end + 1)...]
        return element
    }

    /// Whether an element is empty, `.` or `..`.
    ///
    /// Each web server resolves such elements in its own way before it chooses a location, so a path that holds one
    /// must not choose an account.
    static func isAmbiguous(_ element: ArraySlice<UInt8>) -> Bool {
        element.count <= 2 && element.allSatisfy { $0 == UInt8(ascii: ".") }
    }
}
