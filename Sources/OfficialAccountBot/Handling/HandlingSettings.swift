/// How messages are handled, for all accounts of a process.
public struct HandlingSettings: Sendable, Equatable {
    /// How long a handler may take, in seconds; after them it is cancelled, and the user gets the account's apology.
    public var handlerTimeout: Double = 60
    /// How long a message that has been answered is remembered, in seconds, so that another delivery of it gets the same
    /// answer and is not handled again.
    public var keepHandled: Double = 600
    /// How long an answer waits to be collected, in seconds.
    public var keepAnswers: Double = 3600
    /// How many handlers may run at a time that did not answer at once; beyond it a message is not taken.
    public var mostRunning = 8192
    /// Whether this process goes on after it has answered. One that a web server runs as a CGI program does not: there an
    /// answer that takes longer than the platform asks for it ends as the account's apology.
    public var outlivesAnswers = true

    /// The times of the platform's deliveries, in milliseconds; tests shorten them.
    package var ladder = Ladder()

    /// Creates settings that are all at their defaults.
    public init() {}

    /// When something happens to a delivery that waits, counted from its arrival unless it says otherwise.
    ///
    /// The platform waits 5 seconds for an answer and delivers a message three times in all.
    package struct Ladder: Sendable, Equatable {
        /// Until when an answer goes back in the delivery.
        package var answer: Int64 = 4_500
        /// Until when a delivery is held that waits for the next one.
        package var hold: Int64 = 10_000
        /// When the user is told to come back, counted from the first delivery.
        package var last: Int64 = 14_000
        /// How many deliveries there are.
        package var deliveries = 3
        /// How often other processes' records are looked at.
        package var poll: Int64 = 100

        package init() {}
    }
}
