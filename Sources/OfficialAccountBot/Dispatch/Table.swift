/// The handlers for one type of message: those that name words, by word, and the others in a row.
struct Table: Sendable {
    struct Entry: Sendable {
        var order: Int
        var route: Route
    }

    private var byWord: [String: [Entry]] = [:]
    /// The length of the longest word. A longer text is none of them, and must not be hashed: to hash a text costs more
    /// than in proportion to its length where somebody stacks accents on one letter.
    private var longestWord = 0
    private var inARow: [Entry] = []

    mutating func add(_ route: Route, order: Int) {
        let entry = Entry(order: order, route: route)
        guard let words = route.words else {
            inARow.append(entry)
            return
        }
        for word in words {
            byWord[word, default: []].append(entry)
            longestWord = max(longestWord, word.utf8.count)
        }
    }

    /// The handlers to ask about a text, in their order.
    /// - Parameter text: The text of the message in UTF-8; asked for only where a handler names words.
    func candidates(for text: () -> ArraySlice<UInt8>?) -> Candidates {
        // Folding, too, is only for what can be a word: it makes a text a third as long at the most.
        guard !byWord.isEmpty, let text = text(), mayFold(text, to: longestWord) else {
            return Candidates(named: [], inARow: inARow)
        }
        let folded = folded(String(decoding: text, as: UTF8.self))
        guard folded.utf8.count <= longestWord else { return Candidates(named: [], inARow: inARow) }
        return Candidates(named: byWord[folded] ?? [], inARow: inARow)
    }
}

/// Two rows of handlers, each in order, taken as one row in order.
struct Candidates: IteratorProtocol {
    private let named: [Table.Entry]
    private let inARow: [Table.Entry]
    private var nextNamed = 0
    private var nextInARow = 0

    init(named: [Table.Entry], inARow: [Table.Entry]) {
        self.named = named
        self.inARow = inARow
    }

    mutating func next() -> Route? {
        if nextNamed < named.count,
            nextInARow >= inARow.count || named[nextNamed].order < inARow[nextInARow].order
        {
            defer { nextNamed += 1 }
            return named[nextNamed].route
        }
        guard nextInARow < inARow.count else { return nil }
        defer { nextInARow += 1 }
        return inARow[nextInARow].route
    }
}
