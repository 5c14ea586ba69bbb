/// One request, whichever way it came: over FastCGI or as a CGI process.
public struct Request: Sendable {
    /// The variables of the request (RFC 3875, section 4.1).
    public var parameters: Parameters
    private var content: Result<[UInt8], BodyError>

    /// Creates a request.
    /// - Parameters:
    ///   - parameters: Its variables.
    ///   - body: What came on its standard input, or why that could not be read whole.
    public init(parameters: Parameters, body: Result<[UInt8], BodyError> = .success([])) {
        self.parameters = parameters
        self.content = body
    }

    /// The body, read whole before the handler began.
    /// - Throws: ``BodyError`` where it was cut short or is over the limit.
    public var body: [UInt8] {
        get throws(BodyError) { try content.get() }
    }
}

/// Why a request has no body that could be used.
public enum BodyError: Error, Sendable, Equatable {
    /// The body is over the limit; the rest of it was not kept.
    case tooLarge(limit: Int)
    /// Fewer or more bytes came than CONTENT_LENGTH (RFC 3875, section 4.1.2) says, or the peer ended in the middle.
    case cutShort
}
