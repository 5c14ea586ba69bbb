import OfficialAccount

/// The part of a matcher that a message is looked up by, before any handler is asked.
enum Selector: Sendable, Hashable {
    case any
    case anyMessage
    case message(MessageType)
    case anyEvent
    case event(EventType)
}
