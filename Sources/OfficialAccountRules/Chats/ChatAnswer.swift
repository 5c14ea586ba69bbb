/// What a model has said so far.
struct ChatAnswer: Equatable {
    /// How an answer ends.
    enum End: Equatable {
        /// The model said all it had to say.
        case complete
        /// The model had no more room, or there is no more here.
        case tooLong
        /// The provider held back what was to come.
        case filtered
    }

    /// How many bytes are kept.
    let limit: Int
    /// The words, without those that the model only thinks.
    private(set) var text = ""
    /// How it ended; `nil` where it has not.
    private(set) var end: End?

    /// Some models think aloud, at the beginning and between two tags.
    private enum Phase { case undecided, thinking, speaking }
    private var phase = Phase.undecided
    private static let opening = "<think>"
    private static let closing = "</think>"

    init(limit: Int) { self.limit = limit }

    /// Takes a piece of what is said.
    mutating func append(_ piece: String) {
        guard end == nil, !piece.isEmpty else { return }
        text += piece
        if phase == .undecided { decide() }
        if phase == .thinking { think() }
        guard phase == .speaking, text.utf8.count > limit else { return }
        text = text.prefix(scalarsUTF8Count: limit)
        end = .tooLong
    }

    /// Takes the word of how it ended; the first one counts.
    mutating func finish(_ end: End) {
        if self.end == nil { self.end = end }
        // What never became a tag is said.
        if phase == .undecided { phase = .speaking }
    }

    /// What the user can be told.
    var words: String { phase == .thinking ? "" : text }

    private mutating func decide() {
        text = String(text.unicodeScalars.drop { $0.properties.isWhitespace })
        if text.utf8.starts(with: Self.opening.utf8) {
            phase = .thinking
            text = String(text.unicodeScalars.dropFirst(Self.opening.unicodeScalars.count))
        } else if !Self.opening.utf8.starts(with: text.utf8) {
            phase = .speaking
        }
    }

    private mutating func think() {
        let bytes = Array(text.utf8)
        let closing = Array(Self.closing.utf8)
        if let found = bytes.indices.first(where: { bytes[$0...].starts(with: closing) }) {
            text = String(decoding: bytes[(found + closing.count)...], as: UTF8.self)
            phase = .speaking
        } else {
            // No more is kept of a thought than may be the beginning of its end.
            text = String(decoding: bytes.suffix(closing.count - 1).drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
        }
    }
}

extension String {
    /// The longest beginning of at most so many bytes that ends between two Unicode scalars.
    func prefix(scalarsUTF8Count limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: max(limit, 0))
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }

    /// The text up to its last end of a sentence or line, with an ellipsis: for one that was broken off. Where that would
    /// lose more than half of it, it ends where it ends.
    func endedAtSentence() -> String {
        let scalars = Array(unicodeScalars)
        var end = scalars.count
        for index in scalars.indices.reversed() where index >= scalars.count / 2 {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            if Self.endsSentence(scalars[index], before: next) {
                end = index + 1
                break
            }
        }
        while end > 0, scalars[end - 1].properties.isWhitespace { end -= 1 }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[..<end])
        return String(text) + (end > 0 && scalars[end - 1] == "…" ? "" : "…")
    }

    private static func endsSentence(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
        switch scalar {
        case "。", "！", "？", "…", "\n": true
        // A full stop inside a number or an address ends nothing.
        case ".", "!", "?": next?.properties.isWhitespace ?? true
        default: false
        }
    }
}
