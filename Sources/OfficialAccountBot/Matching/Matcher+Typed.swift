public import OfficialAccount

extension Matcher {
    /// A message of a type by its name, read as a type of one's own.
    ///
    /// ```swift
    /// On(.message("hologram", as: HologramMessage.self)) { hologram, _ in .text(hologram.scene) }
    /// ```
    /// - Parameters:
    ///   - type: Its MsgType.
    ///   - as: What it is read as; where that initializer returns `nil`, the next handler is tried.
    /// - Returns: The matcher.
    public static func message(_ type: MessageType, as _: M.Type) -> Matcher { Matcher(.message(type)) }

    /// An event by its name, read as a type of one's own.
    ///
    /// ```swift
    /// On(.event("card_pass_check", as: CardEvent.self)) { card, _ in .text(card.cardID) }
    /// ```
    /// - Parameters:
    ///   - type: Its Event.
    ///   - as: What it is read as; where that initializer returns `nil`, the next handler is tried.
    /// - Returns: The matcher.
    public static func event(_ type: EventType, as _: M.Type) -> Matcher { Matcher(.event(type)) }
}
