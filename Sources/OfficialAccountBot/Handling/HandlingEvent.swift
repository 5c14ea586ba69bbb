/// Something that whoever runs the program may want to know of how messages are handled.
public enum HandlingEvent: Sendable {
    /// A handler threw an error; the user gets the account's apology, and the message is not handled again.
    case handlerFailed(any Error)
    /// A handler took longer than ``HandlingSettings/handlerTimeout``; the same happens.
    case handlerTimedOut
    /// A delivery of a message that is being handled has joined the others.
    case joined(delivery: Int)
    /// A message had been answered before; another delivery of it got the same answer.
    case repeated
    /// The user was told to ask for the answer later.
    case deferred
    /// An answer that was owed went out in reply to another message.
    case collected
    /// A late answer was sent by the customer-service interface.
    case sentLater
    /// The customer-service interface refused a late answer; it waits to be collected.
    case sendingFailed(PlatformError)
    /// A late answer was dropped, as ``LateAnswers/Mode/off`` asks for.
    case dropped
    /// What a user was owed who has left the account was erased, or dropped when it came.
    case erased(answers: Int)
    /// A user was owed more than is kept for one; the oldest answers were dropped.
    case crowdedOut(answers: Int)
    /// The process that handled the message has died, or was too slow to show that it lives; this one handles it again.
    case takenOver(attempt: Int)
    /// Another process took the message over while this one still handled it; the answer made here is not used.
    case overtaken
    /// The store cannot be used: messages are handled, but deliveries to other processes and after a restart are not
    /// recognised.
    case storeFailed(StoreError)
    /// The store can be used again.
    case storeRecovered
}
