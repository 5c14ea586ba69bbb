extension Reply {
    /// The most bytes of UTF-8 that the platform takes in a text of a passive reply. No figure is official; beyond this
    /// one it fails.
    public static let longestText = ReplyLimits.textBytes

    /// The most parts that a text is sent in; what is longer is cut.
    public static let mostParts = 32

    /// The reply as replies that the platform takes: a text that is too long becomes several, each but the last with a
    /// notice at its end. All others are one part.
    ///
    /// A text ends at the end of a line or sentence where there is one in its last third, and never inside a character.
    /// - Parameters:
    ///   - notice: What tells the user that more follows; may be empty.
    ///   - most: How many parts there may be; what is longer is cut.
    /// - Returns: The parts in order; at least one.
    public func parts(notice: String, most: Int = Self.mostParts) -> [Reply] {
        guard case .text(let text) = content, text.utf8.count > Self.longestText else { return [self] }
        let ending = notice.isEmpty ? "" : "\n" + notice.prefix(utf8Count: Self.longestText / 4)
        let pieces = Self.pieces(of: text, limit: Self.longestText - ending.utf8.count, most: most)
        guard let last = pieces.last else { return [.text("")] }
        return pieces.dropLast().map { .text($0 + ending) } + [.text(String(last))]
    }

    /// What is left of the reply where some of its parts without a notice have gone out, and the others are to go a way on
    /// which each but the last has one: they are cut anew, since a notice takes room.
    /// - Parameters:
    ///   - index: The first of ``parts(notice:most:)`` that has not gone out.
    ///   - most: How many parts there were to be. These may be more: nothing of what those held is left out.
    ///   - notice: What tells the user that more follows.
    /// - Returns: The parts in order; none where all have gone out.
    package func parts(from index: Int, most: Int, notice: String) -> [Reply] {
        guard case .text(let text) = content, text.utf8.count > Self.longestText else {
            return index == 0 ? [self] : []
        }
        let pieces = Self.pieces(of: text, limit: Self.longestText, most: most)
        guard index < pieces.count, let last = pieces.last else { return [] }
        // A notice takes a quarter at the most, and a piece has two thirds of what is left.
        return Reply.text(String(text[pieces[index].startIndex..<last.endIndex])).parts(notice: notice, most: 4 * most)
    }

    /// The pieces of a text that is too long, without the space between them. All but the last are within a limit.
    private static func pieces(of text: String, limit: Int, most: Int) -> [Substring] {
        var pieces: [Substring] = []
        // No more of it than can be sent: a character may be as long as the whole text.
        var rest = text.prefix(scalarsUTF8Count: max(most, 1) * Self.longestText)
        while !rest.isEmpty, pieces.count < most {
            let isLast = rest.utf8.count <= Self.longestText
            let piece = isLast ? rest : Self.piece(of: rest, limit: limit)
            rest = rest[piece.endIndex...].drop(while: \.isWhitespace)
            let trimmed = Self.trimmed(piece)
            if !trimmed.isEmpty { pieces.append(trimmed) }
        }
        return pieces
    }

    /// The beginning of a text, up to a good place to stop.
    private static func piece(of text: Substring, limit: Int) -> Substring {
        let most = text.prefix(utf8Count: limit)
        let earliest = most.utf8.index(most.startIndex, offsetBy: most.utf8.count * 2 / 3)
        var sentence: Substring.Index?
        var word: Substring.Index?
        var index = most.endIndex
        while index > earliest {
            let end = index
            index = most.index(before: index)
            let character = most[index]
            if character.isNewline { return most[..<end] }
            if sentence == nil, endsSentence(character, before: end, in: text) { sentence = end }
            if word == nil, character.isWhitespace || "，、,；;：".contains(character) { word = end }
        }
        return (sentence ?? word).map { most[..<$0] } ?? most
    }

    private static func endsSentence(_ character: Character, before end: Substring.Index, in text: Substring) -> Bool {
        if "。！？…".contains(character) { return true }
        // A full stop inside a number or an address ends nothing.
        guard ".!?".contains(character) else { return false }
        return end == text.endIndex || text[end].isWhitespace
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

extension String {
    /// The longest beginning of at most so many bytes that ends between two Unicode scalars.
    fileprivate func prefix(scalarsUTF8Count limit: Int) -> Substring {
        guard utf8.count > limit else { return self[...] }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return self[..<end]
    }
}
