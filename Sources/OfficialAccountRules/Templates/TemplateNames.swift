internal import OfficialAccountBot

/// What the templates of a rule can name, to find the name that was mistyped.
struct TemplateNames {
    /// The elements of the platform's pages on standard messages, event pushes and menu events.
    private static let elements = [
        "ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "MsgDataId", "Idx", "Content", "bizmsgmenuid",
        "PicUrl", "MediaId", "MediaId16K", "Format", "Recognition", "ThumbMediaId", "Location_X", "Location_Y", "Scale",
        "Label", "Title", "Description", "Url", "AppId", "PagePath", "ThumbUrl", "FileKey", "FileMd5", "FileTotalLen",
        "Event", "EventKey", "Ticket", "Latitude", "Longitude", "Precision", "MenuId", "MenuID", "ScanCodeInfo",
        "ScanType", "ScanResult", "SendPicsInfo", "Count", "PicList", "SendLocationInfo", "Poiname", "MsgID", "Status",
        "KfAccount", "FromKfAccount", "ToKfAccount", "CloseType", "TotalCount", "FilterCount", "SentCount",
        "ErrorCount",
    ]
    private static let fields = elements.map(FieldName.snakeCase)

    /// The names of the groups of the rule's pattern.
    var captures: [String] = []
    /// How many groups the rule's patterns have at the most, or `nil` where it has no pattern.
    var captureCount: Int?
    /// Whether the rule is for messages whose elements nobody here knows.
    var isOpen = false

    /// What is wrong with a name, or `nil`.
    func mistake(in name: String) -> String? {
        if name == "." || isOpen { return nil }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        switch parts[0] {
        case "account" where parts.count == 1: return nil
        case "session" where parts.count == 2: return nil
        case "session", "account":
            return "{{\(parts[0])}} is written {{\(parts[0] == "session" ? "session.name" : "account")}}"
        case "captures":
            guard parts.count == 2 else { return "{{captures}} is written {{captures.name}} or {{captures.1}}" }
            if captures.contains(parts[1]) { return nil }
            guard let captureCount else {
                return "{{\(name)}} is of a pattern, and the rule has none: add text: {matches: '…'}"
            }
            guard let number = Int(parts[1]) else { return "the rule's pattern has no group (?<\(parts[1])>…)" }
            if (0...captureCount).contains(number) { return nil }
            return "the rule's pattern has no group \(number), but \(captureCount): count the brackets (…)"
        default:
            return parts.first { !isKnown($0) }.map { unknown($0, isAlone: parts.count == 1) }
        }
    }

    /// A name that is neither of a field nor of a group. One that is very short is close to too many others.
    private func unknown(_ name: String, isAlone: Bool) -> String {
        let known = Self.fields + captures + ["session.state", "account"]
        let meant = name.count > 3 ? Suggestion.nearest(to: name, among: known) : nil
        let noField = "no message has the field {{\(name)}}"
        if let meant { return noField + ", did you mean {{\(meant)}}?" }
        if isAlone, captureCount != nil { return noField + ", and the rule's pattern has no group (?<\(name)>…)" }
        return noField + "; {{session.name}} is of the session, {{name}} of a pattern's group (?<name>…)"
    }

    private func isKnown(_ name: String) -> Bool {
        captures.contains(name) || Self.fields.contains(name) || Self.elements.contains(name)
    }
}
