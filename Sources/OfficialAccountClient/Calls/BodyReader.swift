internal import AsyncHTTPClient
internal import NIOCore

/// Reads the body of an answer, piece by piece, each in limited time.
///
/// When nothing refers to it any more, what is left of the body is not read: the connection is closed.
actor BodyReader {
    private var iterator: HTTPClientResponse.Body.AsyncIterator?

    init(_ body: HTTPClientResponse.Body) { iterator = body.makeAsyncIterator() }

    /// The next piece.
    /// - Parameter limit: How long it may take to arrive.
    /// - Returns: `nil` at the end of the body.
    /// - Throws: ``TimeLimitExceeded``, or what the connection throws.
    nonisolated func next(within limit: Duration) async throws -> ByteBuffer? {
        try await limited(to: limit) { try await self.pull() }
    }

    private func pull() async throws -> ByteBuffer? {
        guard var iterator else { return nil }
        // It is put back only where there may be more to read.
        self.iterator = nil
        guard let piece = try await iterator.next(isolation: self) else {
            // A cancelled reading ends as if it were the end of the body.
            try Task.checkCancellation()
            return nil
        }
        self.iterator = iterator
        return piece
    }
}
