/// A request to the account's URL as the platform makes it, without the address that it goes to.
///
/// Tests that need a wrong one change a right one before it is delivered.
public struct CallbackRequest: Sendable, Equatable {
    /// `GET` for a verification of the URL, `POST` for a message.
    public var method: String
    /// The parameters of the query, in order.
    public var query: [NamedValue]
    /// The header fields, without those of the connection.
    public var headers: [NamedValue]
    /// The body.
    public var body: [UInt8]

    /// Creates a request.
    /// - Parameters:
    ///   - method: `GET` or `POST`.
    ///   - query: The parameters of the query, in order.
    ///   - headers: The header fields, without those of the connection.
    ///   - body: The body.
    public init(method: String, query: [NamedValue], headers: [NamedValue] = [], body: [UInt8] = []) {
        self.method = method
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The query as it goes over the line (RFC 3986, section 3.4), without its `?`.
    public var queryString: String {
        query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}

extension CallbackRequest: CustomStringConvertible, CustomReflectable {
    /// The method and the size of the body; what it says stays out of descriptions.
    public var description: String { "CallbackRequest(\(method), \(body.count) bytes)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
