/// How patient the platform is.
///
/// That it waits 5 s is documented; that there are three deliveries is observed. That an answer it cannot read is followed by
/// another delivery, as silence is, and that the next one follows at once, is assumed.
public struct DeliveryRule: Sendable, Equatable {
    /// How long it waits for the whole answer.
    public var patience: Duration
    /// How often it delivers a message at the most.
    public var deliveries: Int
    /// How long it pauses before it delivers a message again.
    public var pause: Duration

    /// Creates a rule; the default is the platform's own.
    /// - Parameters:
    ///   - patience: How long it waits for the whole answer.
    ///   - deliveries: How often it delivers a message at the most.
    ///   - pause: How long it pauses before it delivers a message again.
    public init(patience: Duration = .seconds(5), deliveries: Int = 3, pause: Duration = .zero) {
        self.patience = patience
        self.deliveries = deliveries
        self.pause = pause
    }
}
