import OfficialAccount
import OfficialAccountBot
import Testing

/// A handler, and which of the samples it is for: those and no others.
struct MatcherCase: Sendable, CustomTestStringConvertible {
    let name: String
    let on: On
    let fits: Set<String>

    init<M: TypedMessage>(_ name: String, _ matcher: Matcher<M>, fits: Set<String>) {
        self.name = name
        self.fits = fits
        on = On(matcher) { _, _ in .text("taken") }
    }

    init<M: TypedMessage>(_ name: String, _ matcher: Matcher<M>) {
        self.init(name, matcher, fits: [name])
    }

    var testDescription: String { name }
}

@Suite("A matcher")
struct MatcherTests {
    private static let place = "<Location_X>1</Location_X><Location_Y>2</Location_Y>"
    private static let scan = "<ScanCodeInfo><ScanResult>r</ScanResult></ScanCodeInfo>"
    private static let pictures = "<SendPicsInfo><Count>1</Count></SendPicsInfo>"
    private static let job = "<MsgID>1</MsgID><Status>success</Status>"
    private static let agent = "<KfAccount>a@b</KfAccount>"

    /// A message of every type, by the name of the matcher that is for it.
    static let messages: [(name: String, type: String, elements: String)] = [
        ("text", "text", "<Content>c</Content>"),
        ("image", "image", "<MediaId>m</MediaId>"),
        ("voice", "voice", "<MediaId>m</MediaId>"),
        ("video", "video", "<MediaId>m</MediaId>"),
        ("shortVideo", "shortvideo", "<MediaId>m</MediaId>"),
        ("location", "location", place),
        ("link", "link", "<Url>u</Url>"),
        ("miniProgramPage", "miniprogrampage", "<AppId>a</AppId>"),
        ("file", "file", "<FileKey>k</FileKey>"),
        ("message(_:)", "hologram", ""),
    ]

    /// An event of every type, by the name of the matcher that is for it.
    static let events: [(name: String, event: String, elements: String)] = [
        ("subscribe", "subscribe", ""),
        ("unsubscribe", "unsubscribe", ""),
        ("scan", "SCAN", "<EventKey>7</EventKey>"),
        ("locationEvent", "LOCATION", "<Latitude>1</Latitude><Longitude>2</Longitude>"),
        ("click", "CLICK", "<EventKey>other</EventKey>"),
        ("click(key:)", "CLICK", "<EventKey>about</EventKey>"),
        ("view", "VIEW", "<EventKey>u</EventKey>"),
        ("viewMiniProgram", "view_miniprogram", "<EventKey>p</EventKey>"),
        ("scanCodePush", "scancode_push", scan),
        ("scanCodeWaitMessage", "scancode_waitmsg", scan),
        ("pictureFromCamera", "pic_sysphoto", pictures),
        ("pictureFromCameraOrAlbum", "pic_photo_or_album", pictures),
        ("pictureFromWeixin", "pic_weixin", pictures),
        ("locationSelect", "location_select", "<SendLocationInfo>\(place)</SendLocationInfo>"),
        ("templateSendJobFinish", "TEMPLATESENDJOBFINISH", job),
        ("massSendJobFinish", "MASSSENDJOBFINISH", job),
        (
            "publishJobFinish", "PUBLISHJOBFINISH",
            "<PublishEventInfo><publish_id>1</publish_id><publish_status>0</publish_status></PublishEventInfo>"
        ),
        ("customerServiceCreateSession", "kf_create_session", agent),
        ("customerServiceCloseSession", "kf_close_session", agent),
        (
            "customerServiceSwitchSession", "kf_switch_session",
            "<FromKfAccount>a@b</FromKfAccount><ToKfAccount>c@d</ToKfAccount>"
        ),
        ("event(_:)", "card_pass_check", ""),
        ("event(_:key:)", "card_pass_check", "<EventKey>k</EventKey>"),
    ]

    static let cases: [MatcherCase] = messageCases + eventCases + generalCases

    private static let messageCases: [MatcherCase] = [
        MatcherCase("text", .text),
        MatcherCase("image", .image),
        MatcherCase("voice", .voice),
        MatcherCase("video", .video),
        MatcherCase("shortVideo", .shortVideo),
        MatcherCase("location", .location),
        MatcherCase("link", .link),
        MatcherCase("miniProgramPage", .miniProgramPage),
        MatcherCase("file", .file),
        MatcherCase("message(_:)", .message("hologram")),
    ]

    private static let eventCases: [MatcherCase] = [
        MatcherCase("subscribe", .subscribe),
        MatcherCase("unsubscribe", .unsubscribe),
        MatcherCase("scan", .scan),
        MatcherCase("locationEvent", .locationEvent),
        MatcherCase("click", .click, fits: ["click", "click(key:)"]),
        MatcherCase("click(key:)", .click(key: "about")),
        MatcherCase("view", .view),
        MatcherCase("viewMiniProgram", .viewMiniProgram),
        MatcherCase("scanCodePush", .scanCodePush),
        MatcherCase("scanCodeWaitMessage", .scanCodeWaitMessage),
        MatcherCase("pictureFromCamera", .pictureFromCamera),
        MatcherCase("pictureFromCameraOrAlbum", .pictureFromCameraOrAlbum),
        MatcherCase("pictureFromWeixin", .pictureFromWeixin),
        MatcherCase("locationSelect", .locationSelect),
        MatcherCase("templateSendJobFinish", .templateSendJobFinish),
        MatcherCase("massSendJobFinish", .massSendJobFinish),
        MatcherCase("publishJobFinish", .publishJobFinish),
        MatcherCase("customerServiceCreateSession", .customerServiceCreateSession),
        MatcherCase("customerServiceCloseSession", .customerServiceCloseSession),
        MatcherCase("customerServiceSwitchSession", .customerServiceSwitchSession),
        MatcherCase("event(_:)", .event("card_pass_check"), fits: ["event(_:)", "event(_:key:)"]),
        MatcherCase("event(_:key:)", .event("card_pass_check", key: "k")),
    ]

    private static let generalCases: [MatcherCase] = [
        MatcherCase("any", .any, fits: Set(messages.map(\.name) + events.map(\.name))),
        MatcherCase("anyMessage", .anyMessage, fits: Set(messages.map(\.name))),
        MatcherCase("anyEvent", .anyEvent, fits: Set(events.map(\.name))),
    ]

    @Test(arguments: cases)
    func takesItsOwnMessagesAndNoOthers(matcher: MatcherCase) async throws {
        let bot = Bot { matcher.on }
        var taken: Set<String> = []
        for sample in Self.messages where try await bot.answer(message(sample.type, sample.elements)) != .none {
            taken.insert(sample.name)
        }
        for sample in Self.events where try await bot.answer(event(sample.event, sample.elements)) != .none {
            taken.insert(sample.name)
        }
        #expect(taken == matcher.fits)
    }
}
