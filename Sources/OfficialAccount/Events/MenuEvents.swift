/// A menu item with a key was tapped.
public struct ClickEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The menu item's key: `EventKey`.
    public let eventKey: String

    /// Reads a tap on a menu item.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `CLICK` or has no `EventKey`.
    public init?(_ message: Message) {
        guard message.event == .click, let eventKey = message.eventKey else { return nil }
        self.message = message
        self.eventKey = eventKey
    }
}

/// A menu item with a link was tapped.
public struct ViewEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The address that the menu item leads to: `EventKey`.
    public let eventKey: String
    /// The ID of the menu, where the account shows several: `MenuId`.
    public let menuID: String?

    /// Reads a tap on a menu item with a link.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `VIEW` or has no `EventKey`.
    public init?(_ message: Message) {
        guard message.event == .view, let eventKey = message.eventKey else { return nil }
        self.message = message
        self.eventKey = eventKey
        menuID = message.fields.name("MenuId")
    }
}

/// A menu item opened a mini program.
public struct ViewMiniProgramEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The page within the mini program: `EventKey`.
    public let eventKey: String
    /// The ID of the menu, where the account shows several: `MenuId`.
    public let menuID: String?

    /// Reads a tap on a menu item with a mini program.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `view_miniprogram` or has no `EventKey`.
    public init?(_ message: Message) {
        guard message.event == .viewMiniProgram, let eventKey = message.eventKey else { return nil }
        self.message = message
        self.eventKey = eventKey
        menuID = message.fields.name("MenuId")
    }
}
