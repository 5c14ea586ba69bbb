/// What came back from the account's URL.
public struct CallbackAnswer: Sendable, Equatable {
    /// The HTTP status code.
    public var status: Int
    /// The header fields, in order.
    public var headers: [NamedValue]
    /// The body.
    public var body: [UInt8]

    /// Creates an answer.
    /// - Parameters:
    ///   - status: The HTTP status code.
    ///   - headers: The header fields, in order.
    ///   - body: The body.
    public init(status: Int, headers: [NamedValue] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of Content-Type; `nil` where there is none.
    public var contentType: String? { headers.first("Content-Type") }
}

extension CallbackAnswer: CustomStringConvertible, CustomReflectable {
    /// The status and the size of the body; what it says stays out of descriptions.
    public var description: String { "CallbackAnswer(\(status), \(body.count) bytes)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
