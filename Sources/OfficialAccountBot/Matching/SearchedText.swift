internal import Glibc

/// A word that texts are searched for.
struct SearchedWord: Sendable {
    let bytes: [UInt8]
    /// Where the word's beginnings of four bytes are marked in a text that has them; none of a word that is shorter.
    fileprivate let marks: [Int]

    /// - Parameter bytes: The word, folded.
    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
        marks = self.bytes.withUnsafeBufferPointer { bytes in
            bytes.count < 4 ? [] : (0...min(bytes.count - 4, 15)).map { TextMarks.mark(bytes, at: $0) }
        }
    }
}

/// A folded text that is searched for many words.
struct SearchedText: Sendable {
    private let bytes: [UInt8]
    /// Which four bytes stand together in it: most words that are not in the text are told by them, without a search.
    private let marks: TextMarks

    /// - Parameter bytes: The text, folded.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        marks = TextMarks(bytes)
    }

    func starts(with word: [UInt8]) -> Bool { bytes.starts(with: word) }

    func contains(_ word: SearchedWord) -> Bool {
        guard word.bytes.count <= bytes.count, marks.mayHold(word.marks) else { return false }
        return bytes.withUnsafeBytes { text in
            word.bytes.withUnsafeBytes { word in
                guard let start = text.baseAddress, let first = word.baseAddress, let last = word.last else {
                    return word.isEmpty
                }
                // The last byte tells Chinese characters apart; many of them share their first.
                var index = word.count - 1
                while let found = memchr(start + index, Int32(last), text.count - index) {
                    let end = UnsafeRawPointer(found) - start + 1
                    if memcmp(start + (end - word.count), first, word.count) == 0 { return true }
                    index = end
                }
                return false
            }
        }
    }
}

/// A bit for each four bytes that stand together in a text; several share one.
private struct TextMarks: Sendable {
    private static let bits = 16
    private var words = [UInt64](repeating: 0, count: (1 << bits) / 64)

    init(_ text: [UInt8]) {
        text.withUnsafeBufferPointer { text in
            guard text.count >= 4 else { return }
            words.withUnsafeMutableBufferPointer { words in
                for start in 0...text.count - 4 {
                    let mark = Self.mark(text, at: start)
                    words[mark / 64] |= 1 << UInt64(mark % 64)
                }
            }
        }
    }

    static func mark(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        let four =
            UInt32(bytes[start]) << 24 | UInt32(bytes[start + 1]) << 16
            | UInt32(bytes[start + 2]) << 8 | UInt32(bytes[start + 3])
        // Knuth's multiplicative hash.
        return Int((four &* 2_654_435_769) >> UInt32(32 - bits))
    }

    func mayHold(_ marks: [Int]) -> Bool { marks.allSatisfy { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 } }
}
