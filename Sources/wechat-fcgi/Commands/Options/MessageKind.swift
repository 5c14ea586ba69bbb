import OfficialAccount
import PlatformSimulator

/// One type of message, or one event, as a command line has it.
struct MessageKind {
    let name: String
    /// How many words stand behind it.
    let words: ClosedRange<Int>
    /// The options that say something about it.
    let options: [String]
    /// How it is written.
    let usage: String
    let make: (MessageArguments) throws -> SimulatedMessage

    private init(
        _ name: String, _ words: ClosedRange<Int>, _ options: [String], _ usage: String,
        _ make: @escaping (MessageArguments) throws -> SimulatedMessage
    ) {
        self.name = name
        self.words = words
        self.options = options
        self.usage = usage
        self.make = make
    }

    /// The types of messages.
    static var messages: [MessageKind] {
        [
            MessageKind("text", 1...1, ["menu-item"], "text CONTENT [--menu-item ID]") {
                .text($0.rest[0], menuMessageID: $0.menuItem)
            },
            MessageKind("image", 0...0, ["picture", "media"], "image [--picture URL] [--media ID]") {
                .image(
                    mediaID: $0.media ?? "media-image",
                    pictureURL: $0.picture ?? "http://mmbiz.qpic.cn/simulated/0")
            },
            MessageKind(
                "voice", 0...0, ["recognition", "format", "media"],
                "voice [--recognition TEXT] [--format FORMAT] [--media ID]"
            ) { .voice(mediaID: $0.media ?? "media-voice", format: $0.format ?? "amr", recognition: $0.recognition) },
            MessageKind("video", 0...0, ["media", "thumb"], "video [--media ID] [--thumb ID]") {
                .video(mediaID: $0.media ?? "media-video", thumbnailMediaID: $0.thumb ?? "media-thumb")
            },
            MessageKind("shortvideo", 0...0, ["media", "thumb"], "shortvideo [--media ID] [--thumb ID]") {
                .shortVideo(mediaID: $0.media ?? "media-video", thumbnailMediaID: $0.thumb ?? "media-thumb")
            },
            MessageKind(
                "location", 2...2, ["label", "scale"], "location LATITUDE LONGITUDE [--label TEXT] [--scale NUMBER]"
            ) {
                .location(
                    latitude: try $0.number(0), longitude: try $0.number(1), scale: $0.scale ?? 20,
                    label: $0.label ?? "")
            },
            MessageKind(
                "link", 0...1, ["title", "description", "url"], "link [URL] [--title TEXT] [--description TEXT]"
            ) {
                .link(
                    title: $0.title ?? "标题", description: $0.description ?? "",
                    url: $0.rest.first ?? $0.url ?? "https://example.com/")
            },
            MessageKind("miniprogrampage", 0...0, ["title", "page"], "miniprogrampage [--title TEXT] [--page PATH]") {
                .miniProgramPage(
                    title: $0.title ?? "小程序", appID: "wx0000000000000000", pagePath: $0.page ?? "pages/index")
            },
            MessageKind("file", 0...1, ["title", "description"], "file [NAME] [--description TEXT]") {
                .file(
                    title: $0.rest.first ?? $0.title ?? "a.pdf", description: $0.description ?? "", key: "key",
                    md5: "5d41402abc4b2a76b9719d911017c592", length: 5)
            },
        ]
    }

    /// The events that take more than a key.
    static var events: [MessageKind] {
        [
            MessageKind("subscribe", 0...0, ["scene", "ticket"], "event subscribe [--scene SCENE] [--ticket TICKET]") {
                .subscribe(scene: $0.scene, ticket: $0.ticket ?? ($0.scene == nil ? nil : "TICKET"))
            },
            MessageKind("SCAN", 0...0, ["scene", "ticket"], "event SCAN [--scene SCENE] [--ticket TICKET]") {
                .scan(scene: $0.scene ?? "123", ticket: $0.ticket ?? "TICKET")
            },
            MessageKind("LOCATION", 2...2, ["precision"], "event LOCATION LATITUDE LONGITUDE [--precision METRES]") {
                .reportedLocation(
                    latitude: try $0.number(0), longitude: try $0.number(1), precision: $0.precision ?? 65)
            },
            MessageKind("CLICK", 0...0, ["key"], "event CLICK [--key KEY]") { .click(key: $0.key ?? "MENU_1") },
            MessageKind("VIEW", 0...0, ["url"], "event VIEW [--url URL]") {
                .view(url: $0.url ?? "https://example.com/")
            },
            MessageKind("view_miniprogram", 0...0, ["page"], "event view_miniprogram [--page PATH]") {
                .viewMiniProgram(path: $0.page ?? "pages/index")
            },
            MessageKind("scancode_push", 0...0, ["key", "result"], "event scancode_push [--key KEY] [--result TEXT]") {
                .scannedCode(key: $0.key ?? "6", result: $0.result ?? "1", waits: false)
            },
            MessageKind(
                "scancode_waitmsg", 0...0, ["key", "result"], "event scancode_waitmsg [--key KEY] [--result TEXT]"
            ) { .scannedCode(key: $0.key ?? "6", result: $0.result ?? "1", waits: true) },
            MessageKind(
                "location_select", 2...2, ["key", "label", "scale"],
                "event location_select LATITUDE LONGITUDE [--key KEY] [--label TEXT]"
            ) {
                .selectedLocation(
                    key: $0.key ?? "6", latitude: try $0.number(0), longitude: try $0.number(1),
                    scale: $0.scale ?? 15, label: $0.label ?? "")
            },
        ]
    }

    /// The type of a name; `device_event` is one that has no words of its own.
    static func message(_ name: String) -> MessageKind? {
        if let known = messages.first(where: { $0.name == name }) { return known }
        guard let sample = SimulatedMessage.sampleEvents.first(where: { $0.type.rawValue == name && name != "event" })
        else { return nil }
        return MessageKind(name, 0...0, [], name) { _ in sample }
    }

    /// The event of a name, as the platform spells it where it has one like that; else an event that has a name alone.
    static func event(_ name: String) -> MessageKind {
        if let known = events.first(where: { $0.name.lowercased() == name.lowercased() }) { return known }
        let sample =
            SimulatedMessage.sampleEvents.first {
                $0.type == .event && $0.eventName?.lowercased() == name.lowercased()
            } ?? .event(EventType(rawValue: name))
        return MessageKind(sample.eventName ?? name, 0...0, ["key"], "event \(name) [--key KEY]") { arguments in
            arguments.key.flatMap { sample.setting("EventKey", to: $0) } ?? sample
        }
    }
}
