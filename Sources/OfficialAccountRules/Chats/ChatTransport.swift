internal import NIOCore

/// The way to a chat endpoint.
protocol ChatTransport: Sendable {
    /// Sends a question and waits for the beginning of the answer. It ends soon after its task is cancelled.
    /// - Parameters:
    ///   - endpoint: Where to.
    ///   - headers: The headers.
    ///   - body: The body.
    ///   - limit: For how long the beginning may be waited for; who calls may cancel before.
    /// - Throws: ``ChatFailure``, or `CancellationError`.
    func post(
        to endpoint: ChatEndpoint, headers: [(name: String, value: String)], body: [UInt8], within limit: Duration
    ) async throws -> ChatResponse
}

/// The beginning of an answer, and what its body is read by.
struct ChatResponse: Sendable {
    var status: Int
    /// The value of the header `Retry-After`.
    var retryAfter: String?
    var body: any ChatResponseBody
}

/// The body of an answer, piece by piece. When nothing refers to it any more the connection is closed, unless the body
/// was read to its end.
protocol ChatResponseBody: Sendable {
    /// The next piece; `nil` at the end, and where the task was cancelled.
    /// - Throws: ``ChatFailure``, or `CancellationError`.
    func next() async throws -> ByteBuffer?
}
