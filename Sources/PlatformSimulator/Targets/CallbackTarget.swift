/// Where the platform's requests go.
public protocol CallbackTarget: Sendable {
    /// Sends one request on a connection of its own and waits for the whole answer.
    ///
    /// When the time is over the connection is closed at once, as the platform does: the other side can see it.
    /// - Parameters:
    ///   - request: The request.
    ///   - patience: How long to wait for the whole answer, the connecting included.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``DeliveryFault`` where there is no whole answer.
    func exchange(_ request: CallbackRequest, patience: Duration) async throws(DeliveryFault) -> CallbackAnswer
}

/// The most bytes of an answer that are taken; no answer that the platform understands comes near it.
let answerLimit = 4 << 20
