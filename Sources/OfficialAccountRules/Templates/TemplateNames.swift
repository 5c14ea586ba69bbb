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
            if Int(parts[1]) != nil || captures.contains(parts[1]) { return nil }
            return "the rule's pattern has no group (?<\(parts[1])>…)"
        default:
            if let unknown = parts.first(where: { !isKnown($0) }) {
                let known = Self.fields + captures + ["session.state", "account"]
                let meant = Suggestion.nearest(to: unknown, among: known).map { ", did you mean {{\($0)}}?" }
                return "no message has the field {{\(unknown)}}" + (meant ?? "; {{session.name}} is of the session")
            }
            return nil
        }
    }

    private func isKnown(_ name: String) -> Bool {
        captures.contains(name) || Self.fields.contains(name) || Self.elements.contains(name)
    }
}
