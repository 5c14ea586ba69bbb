package import AsyncHTTPClient
package import NIOCore

/// Reads the body of an answer, piece by piece, each in limited time.
///
/// When nothing refers to it any more, what is left of the body is not read: the connection is closed.
package actor BodyReader {
    private var iterator: HTTPClientResponse.Body.AsyncIterator?
    private let place: HTTPPlace

    /// - Parameters:
    ///   - body: The body.
    ///   - place: What the call holds while it is read.
    package init(_ body: HTTPClientResponse.Body, holding place: HTTPPlace) {
        iterator = body.makeAsyncIterator()
        self.place = place
    }

    /// The next piece.
    /// - Parameter limit: How long it may take to arrive.
    /// - Returns: `nil` at the end of the body.
    /// - Throws: ``TimeLimitExceeded``, or what the connection throws.
    package nonisolated func next(within limit: Duration) async throws -> ByteBuffer? {
        try await limited(to: limit) { try await self.pull() }
    }

    /// All that is left of the body.
    /// - Parameters:
    ///   - limit: How many bytes it may have.
    ///   - deadline: Until when it may take to arrive.
    /// - Throws: ``BodyTooLarge``, ``TimeLimitExceeded``, or what the connection throws.
    package nonisolated func bytes(
        atMost limit: Int, until deadline: ContinuousClock.Instant
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next(within: deadline - .now) {
            guard bytes.count + piece.readableBytes <= limit else { throw BodyTooLarge() }
            bytes += piece.readableBytesView
        }
        return bytes
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

/// The body of an answer has more bytes than were asked for.
package struct BodyTooLarge: Error {
    package init() {}
}
