internal import Logging

/// One line of a log as JSON:
/// `{"ts":"2026-01-31T12:00:00Z","level":"notice","logger":"bot","message":"what happened","account":"wx0123"}`.
///
/// It is one line whatever is in it. A value is a text, so that numbers which do not fit a double, such as those of
/// messages, stay what they are; lists and dictionaries are lists and objects of texts.
enum JSONLine {
    static func text(
        _ second: Int, _ level: Logger.Level, _ label: String, _ message: String, _ values: Logger.Metadata
    ) -> String {
        var members = [
            ("ts", JSONText.string(LogLine.time(second: second))), ("level", JSONText.string(level.rawValue)),
            ("logger", JSONText.string(label)), ("message", JSONText.string(message)),
        ]
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { members.append((key(name), json(value))) }
        return JSONText.object(members)
    }

    /// The name of a value, which must not be that of a part that every line has.
    private static func key(_ name: String) -> String {
        switch name {
        case "message": "message_id"
        case "ts", "level", "logger", "message_id": name + "_"
        default: name
        }
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): JSONText.string(text)
        case .stringConvertible(let value): JSONText.string(value.description)
        case .array(let values): JSONText.array(values.map(json))
        case .dictionary(let values):
            JSONText.object(values.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
        }
    }
}
