public import OfficialAccount

extension Matcher {
    /// The same matcher, for only those events whose EventKey equals a key exactly.
    /// - Parameter key: The key.
    public func eventKey(_ key: String) -> Matcher {
        adding { message, _ in message.message.eventKey.map { $0.utf8.elementsEqual(key.utf8) } ?? false }
    }

    /// The same matcher, for only those events whose EventKey starts with a prefix.
    /// - Parameter prefix: The prefix.
    public func eventKey(startingWith prefix: String) -> Matcher {
        adding { message, _ in message.message.eventKey?.utf8.starts(with: prefix.utf8) ?? false }
    }
}

extension Matcher where M == SubscribeEvent {
    /// A user follows the account.
    public static var subscribe: Matcher { Matcher(.event(.subscribe)) }
}

extension Matcher where M == UnsubscribeEvent {
    /// A user stops following the account. No answer reaches them.
    public static var unsubscribe: Matcher { Matcher(.event(.unsubscribe)) }
}

extension Matcher where M == ScanEvent {
    /// A user who follows already scans a QR code of the account.
    public static var scan: Matcher { Matcher(.event(.scan)) }
}

extension Matcher where M == LocationEvent {
    /// The platform reports where a user is; for a place that the user sent see ``location``.
    public static var locationEvent: Matcher { Matcher(.event(.location)) }
}

extension Matcher where M == ClickEvent {
    /// A tap on a menu key of type `click`.
    public static var click: Matcher { Matcher(.event(.click)) }

    /// A tap on one menu key of type `click`.
    /// - Parameter key: The key's `key`.
    public static func click(key: String) -> Matcher { click.eventKey(key) }
}

extension Matcher where M == ViewEvent {
    /// A tap on a menu key that opens a page.
    public static var view: Matcher { Matcher(.event(.view)) }
}

extension Matcher where M == ViewMiniProgramEvent {
    /// A tap on a menu key that opens a mini program.
    public static var viewMiniProgram: Matcher { Matcher(.event(.viewMiniProgram)) }
}

extension Matcher where M == ScanCodeEvent {
    /// A scan by menu key whose result the user sees.
    public static var scanCodePush: Matcher { Matcher(.event(.scanCodePush)) }
    /// A scan by menu key for which the user waits for the answer.
    public static var scanCodeWaitMessage: Matcher { Matcher(.event(.scanCodeWaitMessage)) }
}

extension Matcher where M == PictureEvent {
    /// Photos taken by menu key.
    public static var pictureFromCamera: Matcher { Matcher(.event(.pictureFromCamera)) }
    /// Photos taken or chosen by menu key.
    public static var pictureFromCameraOrAlbum: Matcher { Matcher(.event(.pictureFromCameraOrAlbum)) }
    /// Pictures chosen from WeChat's album by menu key.
    public static var pictureFromWeixin: Matcher { Matcher(.event(.pictureFromWeixin)) }
}

extension Matcher where M == LocationSelectEvent {
    /// A place chosen by menu key. The platform sends the place as a message, too.
    public static var locationSelect: Matcher { Matcher(.event(.locationSelect)) }
}

extension Matcher where M == TemplateSendJobFinishEvent {
    /// A template message was delivered, or not.
    public static var templateSendJobFinish: Matcher { Matcher(.event(.templateSendJobFinish)) }
}

extension Matcher where M == MassSendJobFinishEvent {
    /// A mass message was sent.
    public static var massSendJobFinish: Matcher { Matcher(.event(.massSendJobFinish)) }
}

extension Matcher where M == PublishJobFinishEvent {
    /// An article was published, or not.
    public static var publishJobFinish: Matcher { Matcher(.event(.publishJobFinish)) }
}

extension Matcher where M == CustomerServiceSessionEvent {
    /// A conversation with customer service began.
    public static var customerServiceCreateSession: Matcher { Matcher(.event(.customerServiceCreateSession)) }
    /// A conversation with customer service ended.
    public static var customerServiceCloseSession: Matcher { Matcher(.event(.customerServiceCloseSession)) }
}

extension Matcher where M == CustomerServiceSwitchEvent {
    /// A conversation with customer service went to another of its accounts.
    public static var customerServiceSwitchSession: Matcher { Matcher(.event(.customerServiceSwitchSession)) }
}
