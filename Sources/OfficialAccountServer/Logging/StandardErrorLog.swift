internal import Glibc
public import Logging

/// Writes log lines to the standard error stream: `2026-01-31T12:00:00Z notice bot: what happened key=value`, or, as the
/// setting `log_format` says, one JSON object a line. Where that stream is the journal's, each line begins with its
/// priority (sd-daemon(3)), which the journal takes off.
///
/// A line is one call of `write`, so that lines of several processes on one stream do not mix, and holds no character
/// that is not seen: what a client sent cannot forge a second line, another value or another order of what is read, or
/// speak to a terminal. Such characters are written as `\u{202e}`, in quotes; a `"` or `\` there has a `\` before it.
public struct StandardErrorLog: LogHandler {
    private let label: String
    private let sharedLevel: LogLevelSwitch
    private let sharedForm: LogFormSwitch
    private var ownLevel: Logger.Level?
    /// What is added to every line.
    public var metadata: Logger.Metadata = [:]
    /// What adds to every line at the time it is written.
    public var metadataProvider: Logger.MetadataProvider?

    /// Creates a handler.
    /// - Parameters:
    ///   - label: The logger's name, which tells the lines of several programs in one stream apart.
    ///   - level: The level that counts as long as the logger was not given one of its own.
    public init(label: String, level: LogLevelSwitch = .process) {
        self.label = label
        sharedLevel = level
        sharedForm = .process
    }

    /// The level from which lines are logged.
    public var logLevel: Logger.Level {
        get { ownLevel ?? sharedLevel.level }
        set { ownLevel = newValue }
    }

    /// One of the values that are added to every line.
    /// - Parameter key: Its name.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a line.
    /// - Parameter event: What happened.
    public func log(event: LogEvent) {
        var values = metadata
        if let provider = metadataProvider { values.merge(provider.get()) { _, new in new } }
        if let more = event.metadata { values.merge(more) { _, new in new } }
        let second = Int(time(nil))
        let message = event.message.description
        let text: String
        switch sharedForm.form {
        case .text:
            var line = LogLine(second: second, level: event.level, label: label, message: message)
            for (name, value) in values.sorted(by: { $0.key < $1.key }) { line.append(name, value.description) }
            text = line.text
        case .json: text = JSONLine.text(second, event.level, label, message, values)
        }
        LogLine.write(
            JournalStream.isStandardError ? JournalStream.prefix(event.level) + text : text, to: STDERR_FILENO)
    }
}

/// One line of a log as text.
struct LogLine {
    private(set) var text: String

    init(second: Int, level: Logger.Level, label: String, message: String) {
        text = "\(Self.time(second: second)) \(level.rawValue) \(label): "
        Self.append(message, to: &text)
    }

    /// A moment as RFC 3339 has it, in UTC.
    static func time(second: Int) -> String {
        var seconds = time_t(second)
        var date = tm()
        gmtime_r(&seconds, &date)
        func digits(_ number: Int32, _ count: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        return "\(digits(date.tm_year + 1900, 4))-\(digits(date.tm_mon + 1))-\(digits(date.tm_mday))"
            + "T\(digits(date.tm_hour)):\(digits(date.tm_min)):\(digits(date.tm_sec))Z"
    }

    /// Adds a value, in quotes where it would otherwise be unclear where it ends.
    mutating func append(_ name: String, _ value: String) {
        text += " "
        Self.append(name, to: &text)
        text += "="
        let isBare = !value.isEmpty && value.unicodeScalars.allSatisfy(\.isBareInLine)
        guard !isBare else { return Self.append(value, to: &text) }
        text += "\""
        Self.append(value, to: &text, quote: true)
        text += "\""
    }

    static func write(_ text: String, to descriptor: Int32) {
        var line = text + "\n"
        // A stream that cannot be written to is nothing a log could report.
        line.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Adds text with what is not seen escaped.
    private static func append(_ part: String, to text: inout String, quote: Bool = false) {
        for scalar in part.unicodeScalars {
            if scalar.isUnseen {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                if quote, scalar == "\"" || scalar == "\\" { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is a character that shows nothing of itself: one that controls a terminal, ends a line, changes the
    /// direction of what follows or has no width.
    var isUnseen: Bool {
        guard !isASCII else { return value < 0x20 || value == 0x7F }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return properties.isDefaultIgnorableCodePoint
        }
    }

    /// Whether a value that holds it is read as one value without quotes.
    fileprivate var isBareInLine: Bool {
        !isUnseen && !properties.isWhitespace && self != "\"" && self != "\\" && self != "="
    }
}
