import OfficialAccountRules
import ArgumentParser
import Glibc
import OfficialAccount
import PlatformSimulator

/// What a user sends, in the words of a command line.
struct MessageArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The type, such as text or event.", valueName: "type")) var type: String?
    @Argument(help: ArgumentHelp("What stands behind the type.", valueName: "word")) var words: [String] = []

    @Option(help: ArgumentHelp("The picture's address.", valueName: "URL")) var picture: String?
    @Option(help: ArgumentHelp("The media ID.", valueName: "ID")) var media: String?
    @Option(help: ArgumentHelp("The thumbnail's media ID.", valueName: "ID")) var thumb: String?
    @Option(help: ArgumentHelp("The recording's format: amr or speex.", valueName: "FORMAT")) var format: String?
    @Option(help: ArgumentHelp("What speech recognition heard.", valueName: "TEXT")) var recognition: String?
    @Option(help: ArgumentHelp("The place in words.", valueName: "TEXT")) var label: String?
    @Option(help: ArgumentHelp("The zoom of the map.", valueName: "NUMBER")) var scale: Int?
    @Option(help: ArgumentHelp("How exact the place is, in metres.", valueName: "METRES")) var precision: Double?
    @Option(help: ArgumentHelp("The title.", valueName: "TEXT")) var title: String?
    @Option(help: ArgumentHelp("What it is about.", valueName: "TEXT")) var description: String?
    @Option(help: ArgumentHelp("The address of the link.", valueName: "URL")) var url: String?
    @Option(help: ArgumentHelp("The page of the mini program.", valueName: "PATH")) var page: String?
    @Option(help: ArgumentHelp("The menu item's key: EventKey.", valueName: "KEY")) var key: String?
    @Option(help: ArgumentHelp("The scene of the QR code.", valueName: "SCENE")) var scene: String?
    @Option(help: ArgumentHelp("The ticket of the QR code.", valueName: "TICKET")) var ticket: String?
    @Option(help: ArgumentHelp("What the scanned code says.", valueName: "TEXT")) var result: String?
    @Option(help: ArgumentHelp("The tapped item of a menu message.", valueName: "ID")) var menuItem: String?

    @Option(
        help: ArgumentHelp(
            """
            Add an element, or change one: Name=value, inside another Name.Inner=value. CreateTime and MsgId too. \
            Repeatable.
            """, valueName: "NAME=VALUE")) var field: [String] = []
    @Option(
        help: ArgumentHelp("Send a file as the body, as it is; - is the standard input.", valueName: "FILE"),
        completion: .file(extensions: ["xml"])) var xml: String?

    /// The largest body that is read.
    private static let largest = 4 << 20

    func validate() throws {
        if xml != nil {
            guard type == nil, words.isEmpty, field.isEmpty, given.isEmpty else {
                throw ValidationError("--xml sends a body as it is: it goes with no type, word or field")
            }
        } else if type == nil {
            throw ValidationError("what? Give a type, such as text 你好, or --xml FILE")
        } else {
            _ = try message()
        }
    }

    /// The message.
    func message() throws -> SimulatedMessage {
        if let xml { return .raw(try Self.body(xml)) }
        var message = try kind().make(self)
        for text in field { message = try Self.setting(text, of: message) }
        return message
    }

    // MARK: Options and types

    /// The options that belong to a type, by their names.
    var given: [String] {
        let options: [(String, Bool)] = [
            ("picture", picture != nil), ("media", media != nil), ("thumb", thumb != nil),
            ("format", format != nil), ("recognition", recognition != nil), ("label", label != nil),
            ("scale", scale != nil), ("precision", precision != nil), ("title", title != nil),
            ("description", description != nil), ("url", url != nil), ("page", page != nil), ("key", key != nil),
            ("scene", scene != nil), ("ticket", ticket != nil), ("result", result != nil),
            ("menu-item", menuItem != nil),
        ]
        return options.filter(\.1).map(\.0)
    }

    private func kind() throws -> MessageKind {
        let name = type ?? ""
        var words = words
        let kind: MessageKind
        if name == "event" {
            guard let event = words.first else {
                throw ValidationError("which event? Give its name, such as subscribe or CLICK")
            }
            words.removeFirst()
            kind = MessageKind.event(event)
        } else {
            guard let found = MessageKind.message(name) else {
                let known = MessageKind.messages.map(\.name) + ["event"]
                let meant = Suggestion.nearest(to: name, among: known) ?? "text \(Self.oneWord([name] + words))"
                throw ValidationError(
                    "'\(Terminal.safe(name))' is no type: was \(meant) meant? Types: "
                        + known.joined(separator: ", "))
            }
            kind = found
        }
        guard kind.words.contains(words.count) else {
            if kind.name == "text", words.count > 1 {
                throw ValidationError("a text is one word, so put it in quotes: text \(Self.oneWord(words))")
            }
            let negative = kind.words.upperBound == 2 ? " (options first, then --, where a number is below zero)" : ""
            throw ValidationError("\(kind.name) is written: \(kind.usage)\(negative)")
        }
        for option in given where !kind.options.contains(option) {
            let takes = kind.options.map { "--\($0)" }.joined(separator: ", ")
            throw ValidationError(
                "--\(option) is nothing of \(kind.name), which takes \(takes.isEmpty ? "none" : takes)")
        }
        return kind
    }

    /// Words as one, as a shell takes it.
    private static func oneWord(_ words: [String]) -> String {
        let text = Terminal.safe(words.joined(separator: " "))
        let isBare = text.allSatisfy { $0.isLetter || $0.isNumber || "-_.,，。".contains($0) }
        return isBare ? text : "'\(text.replacing("'", with: "'\\''"))'"
    }

    /// The words behind the type, and for an event behind its name.
    var rest: [String] { type == "event" ? Array(words.dropFirst()) : words }

    func number(_ index: Int) throws -> Double {
        guard rest.indices.contains(index), let number = Double(rest[index]), number.isFinite else {
            throw ValidationError("a place is two numbers: latitude and longitude, such as 39.9 116.4")
        }
        return number
    }

    /// The types for the help text.
    static var overview: String {
        let events = SimulatedMessage.sampleEvents.filter { $0.type == .event }.compactMap(\.eventName)
        var names: [String] = []
        for event in events where !names.contains(event) { names.append(event) }
        let kinds = (MessageKind.messages + MessageKind.events).map { "  " + $0.usage }
        return (kinds + ["  event NAME [--key KEY], any other:"]).joined(separator: "\n") + " "
            + names.filter { name in !MessageKind.events.contains { $0.name == name } }.joined(separator: ", ")
    }

    // MARK: Fields and files

    private static func setting(_ text: String, of message: SimulatedMessage) throws -> SimulatedMessage {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw ValidationError("--field is NAME=VALUE")
        }
        let name = String(text[..<equals])
        let value = String(text[text.index(after: equals)...])
        switch name {
        case "FromUserName": throw ValidationError("the sender is given with --from")
        case "ToUserName": throw ValidationError("the account's original ID is given with --original-id")
        case "CreateTime":
            guard let time = Int64(value) else { throw ValidationError("CreateTime is a number of seconds") }
            return message.with(createTime: time)
        case "MsgId":
            guard let id = UInt64(value) else { throw ValidationError("MsgId is a number") }
            return message.with(messageID: id)
        default:
            guard let changed = message.setting(name, to: value) else {
                throw ValidationError("'\(Terminal.safe(name))' is no name of an element")
            }
            return changed
        }
    }

    private static func body(_ file: String) throws -> [UInt8] {
        do throws(BoundedFile.Failure) {
            return try BoundedFile.read(file == "-" ? "/dev/stdin" : file, limit: largest)
        } catch {
            throw ValidationError("--xml \(file): \(error)")
        }
    }
}
