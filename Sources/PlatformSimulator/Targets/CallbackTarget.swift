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

    /// Waits until nothing runs any more that was started for a request and left behind when the time was over. A process
    /// that ends before it has waited ends or abandons what is left.
    func finish() async
}

extension CallbackTarget {
    /// Returns at once: there is nothing that was started for a request.
    public func finish() async {}
}

/// The most bytes of an answer that are taken; no answer that the platform understands comes near it.
let answerLimit = 4 << 20
