public import OfficialAccount

/// What can happen besides messages.
extension SimulatedMessage {
    /// Any event.
    /// - Parameters:
    ///   - event: The text of `Event`.
    ///   - elements: The elements behind it.
    public static func event(_ event: EventType, _ elements: [MessageElement] = []) -> SimulatedMessage {
        SimulatedMessage(.event, [.text("Event", event.rawValue)] + elements)
    }

    /// A user follows the account.
    /// - Parameters:
    ///   - scene: The scene of the QR code that led there; `EventKey` has `qrscene_` before it.
    ///   - ticket: The QR code's ticket.
    public static func subscribe(scene: String? = nil, ticket: String? = nil) -> SimulatedMessage {
        event(
            .subscribe,
            [.text("EventKey", scene.map { "qrscene_\($0)" } ?? "")] + (ticket.map { [.text("Ticket", $0)] } ?? []))
    }

    /// A user leaves the account.
    public static let unsubscribe = event(.unsubscribe, [.text("EventKey", "")])

    /// A follower scans one of the account's QR codes.
    /// - Parameters:
    ///   - scene: The code's scene: `EventKey`.
    ///   - ticket: The code's ticket.
    public static func scan(scene: String, ticket: String) -> SimulatedMessage {
        event(.scan, [.text("EventKey", scene), .text("Ticket", ticket)])
    }

    /// A user's place, reported on entering the chat.
    /// - Parameters:
    ///   - latitude: In degrees.
    ///   - longitude: In degrees.
    ///   - precision: In metres.
    public static func reportedLocation(
        latitude: Double, longitude: Double, precision: Double
    ) -> SimulatedMessage {
        event(
            .location,
            [.plain("Latitude", latitude), .plain("Longitude", longitude), .plain("Precision", precision)])
    }

    /// A menu item with a key is tapped.
    /// - Parameter key: The item's key: `EventKey`.
    public static func click(key: String) -> SimulatedMessage { event(.click, [.text("EventKey", key)]) }

    /// A menu item with a link is tapped.
    /// - Parameters:
    ///   - url: The link: `EventKey`.
    ///   - menuID: The menu: `MenuId`.
    public static func view(url: String, menuID: String = "MENUID") -> SimulatedMessage {
        event(.view, [.text("EventKey", url), .plain("MenuId", menuID)])
    }

    /// A menu item opens a mini program.
    /// - Parameters:
    ///   - path: The page of the mini program: `EventKey`.
    ///   - menuID: The menu: `MenuId`.
    public static func viewMiniProgram(path: String, menuID: String = "MENUID") -> SimulatedMessage {
        event(.viewMiniProgram, [.text("EventKey", path), .plain("MenuId", menuID)])
    }

    /// A menu item scans a code.
    /// - Parameters:
    ///   - key: The item's key.
    ///   - result: What the code says.
    ///   - type: The kind of code, such as `qrcode`.
    ///   - waits: Whether the item waits for the account's answer, or shows the result itself.
    public static func scannedCode(
        key: String, result: String, type: String = "qrcode", waits: Bool
    ) -> SimulatedMessage {
        event(
            waits ? .scanCodeWaitMessage : .scanCodePush,
            [
                .text("EventKey", key),
                .group("ScanCodeInfo", [.text("ScanType", type), .text("ScanResult", result)]),
            ])
    }

    /// A menu item takes pictures.
    /// - Parameters:
    ///   - event: Which item: `pic_sysphoto`, `pic_photo_or_album` or `pic_weixin`.
    ///   - key: The item's key.
    ///   - md5s: The MD5 of each picture, in hexadecimal.
    public static func pictures(_ event: EventType, key: String, md5s: [String]) -> SimulatedMessage {
        .event(
            event,
            [
                .text("EventKey", key),
                .group(
                    "SendPicsInfo",
                    [
                        .plain("Count", md5s.count),
                        .group("PicList", md5s.map { .group("item", [.text("PicMd5Sum", $0)]) }),
                    ]),
            ])
    }

    /// A menu item asks for a place.
    /// - Parameters:
    ///   - key: The item's key.
    ///   - latitude: `Location_X`, in degrees.
    ///   - longitude: `Location_Y`, in degrees.
    ///   - scale: The zoom of the map.
    ///   - label: The place in words.
    ///   - pointOfInterest: Its name: `Poiname`.
    public static func selectedLocation(
        key: String, latitude: Double, longitude: Double, scale: Int = 15, label: String = "",
        pointOfInterest: String = ""
    ) -> SimulatedMessage {
        event(
            .locationSelect,
            [
                .text("EventKey", key),
                .group(
                    "SendLocationInfo",
                    [
                        .text("Location_X", latitude.description), .text("Location_Y", longitude.description),
                        .text("Scale", scale.description), .text("Label", label), .text("Poiname", pointOfInterest),
                    ]),
            ])
    }
}
