/// What happened: the text of `Event` in a message of type `event`.
///
/// A value of its own rather than a closed list, since the platform adds events. Names are compared exactly, as the
/// platform spells them: some of its events are in upper case, some in lower.
public struct EventType: RawRepresentable, Hashable, Sendable {
    /// The name in `Event`.
    public let rawValue: String

    /// Creates an event from its name.
    /// - Parameter rawValue: The name as it stands in `Event`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A user followed the account.
    public static let subscribe = EventType(rawValue: "subscribe")
    /// A user left the account.
    public static let unsubscribe = EventType(rawValue: "unsubscribe")
    /// A follower scanned one of the account's QR codes.
    public static let scan = EventType(rawValue: "SCAN")
    /// A user's place, reported on entering the chat.
    public static let location = EventType(rawValue: "LOCATION")
    /// A menu item with a key was tapped.
    public static let click = EventType(rawValue: "CLICK")
    /// A menu item with a link was tapped.
    public static let view = EventType(rawValue: "VIEW")
    /// A menu item scanned a code and showed the result itself.
    public static let scanCodePush = EventType(rawValue: "scancode_push")
    /// A menu item scanned a code and waits for the account's answer.
    public static let scanCodeWaitMessage = EventType(rawValue: "scancode_waitmsg")
    /// A menu item took pictures with the camera.
    public static let pictureFromCamera = EventType(rawValue: "pic_sysphoto")
    /// A menu item took pictures with the camera or from the album.
    public static let pictureFromCameraOrAlbum = EventType(rawValue: "pic_photo_or_album")
    /// A menu item took pictures from the WeChat album.
    public static let pictureFromWeixin = EventType(rawValue: "pic_weixin")
    /// A menu item asked for a place.
    public static let locationSelect = EventType(rawValue: "location_select")
    /// A menu item opened a mini program.
    public static let viewMiniProgram = EventType(rawValue: "view_miniprogram")
    /// A template message has been delivered, or not.
    public static let templateSendJobFinish = EventType(rawValue: "TEMPLATESENDJOBFINISH")
    /// A message to many has been sent.
    public static let massSendJobFinish = EventType(rawValue: "MASSSENDJOBFINISH")
    /// An article has been published, or not.
    public static let publishJobFinish = EventType(rawValue: "PUBLISHJOBFINISH")
    /// A conversation with customer service began.
    public static let customerServiceCreateSession = EventType(rawValue: "kf_create_session")
    /// A conversation with customer service ended.
    public static let customerServiceCloseSession = EventType(rawValue: "kf_close_session")
    /// A conversation went from one customer-service account to another.
    public static let customerServiceSwitchSession = EventType(rawValue: "kf_switch_session")
}

extension EventType: ExpressibleByStringLiteral {
    /// Takes the name as it stands in `Event`.
    /// - Parameter name: The name.
    public init(stringLiteral name: String) { self.init(rawValue: name) }
}
