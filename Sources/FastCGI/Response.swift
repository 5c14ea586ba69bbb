/// The answer to a request: a status, header fields and a body (RFC 3875, section 6).
public struct Response: Sendable, Equatable {
    /// The HTTP status code.
    public var status: Int
    /// The value of Content-Type.
    public var contentType: String
    /// Header fields beside Content-Type, in order.
    public var headers: [Header]
    /// The body.
    public var body: [UInt8]

    /// Creates a response.
    /// - Parameters:
    ///   - status: The HTTP status code.
    ///   - contentType: The value of Content-Type.
    ///   - headers: Header fields beside Content-Type.
    ///   - body: The body.
    public init(
        status: Int = 200, contentType: String = "text/plain; charset=utf-8", headers: [Header] = [], body: [UInt8] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    /// One header field.
    public struct Header: Sendable, Equatable {
        /// Its name, such as `Allow`.
        public var name: String
        /// Its value.
        public var value: String

        /// Creates a header field.
        /// - Parameters:
        ///   - name: Its name, such as `Allow`.
        ///   - value: Its value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}
