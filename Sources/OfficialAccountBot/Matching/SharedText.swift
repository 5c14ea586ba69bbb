import OfficialAccount

/// The text of one message as all matchers share it: it is read and folded once, however many ask, and what patterns may
/// take of it is counted in one sum.
struct SharedText {
    /// How many bytes of a text are looked at. That is more than anybody can type, and far less than a message may have.
    static let longest = 64 << 10

    private let message: Message
    private var content: String??
    private var folded: SearchedText?
    /// How often the text was folded.
    private(set) var foldings = 0
    private var steps = Pattern.mostStepsPerMessage

    init(_ message: Message) { self.message = message }

    /// Whether a test holds.
    /// - Parameters:
    ///   - test: The test.
    ///   - captures: What the groups of a pattern found.
    /// - Throws: ``PatternError`` where a pattern ran into its limits, or all of them together into theirs.
    mutating func passes(_ test: TextTest, _ captures: inout Captures?) throws(PatternError) -> Bool {
        guard let content = readContent() else { return false }
        switch test {
        case .starts(let words):
            let text = fold(content)
            return words.contains { text.starts(with: $0) }
        case .contains(let words):
            let text = fold(content)
            return words.contains { text.contains($0) }
        case .matches(let pattern):
            captures = try pattern.firstMatch(in: content, steps: &steps)
            return captures != nil
        }
    }

    private mutating func readContent() -> String? {
        if let content { return content }
        let read = message.fields["Content"].map { field in
            var bytes = field.utf8.prefix(Self.longest)
            // No character is cut in two.
            if bytes.endIndex < field.utf8.endIndex {
                var end = bytes.endIndex
                while end > bytes.startIndex, field.utf8[end] & 0xC0 == 0x80 { end -= 1 }
                bytes = bytes[..<end]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        content = .some(read)
        return read
    }

    private mutating func fold(_ content: String) -> SearchedText {
        if let folded { return folded }
        let text = SearchedText(Array(OfficialAccountBot.folded(content).utf8))
        folded = text
        foldings += 1
        return text
    }
}
