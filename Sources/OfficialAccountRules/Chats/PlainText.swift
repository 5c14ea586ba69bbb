/// Takes the marks of Markdown out of a text, which the platform would show as they are.
///
/// It knows what models write most: headings, bold and emphasis by stars, strikethrough, code, links, quotations, rules and
/// tables' lines. Underscores stay: they are in names more often than around words. Whatever the text, the time it takes
/// grows with its length and no faster.
enum PlainText {
    /// The text without marks.
    static func plain(_ text: String) -> String {
        var lines = Lines()
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            lines.add(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
        return lines.text
    }

    /// What has become of the lines so far.
    private struct Lines {
        private var bytes: [UInt8] = []
        /// The mark that ends the block of code that the text is in.
        private var fence: (mark: UInt8, count: Int)?
        /// Lines without anything: one of them is kept, and none at the beginning.
        private var isBlank = false

        var text: String { String(decoding: bytes, as: UTF8.self) }

        mutating func add(_ line: Substring.UTF8View) {
            let line = Array(line)
            let start = line.firstIndex { $0 != space && $0 != tab } ?? line.endIndex
            let rest = line[start...]
            if let fence {
                if Self.count(fence.mark, rest) >= fence.count, rest.allSatisfy({ $0 == fence.mark || $0 == space }) {
                    self.fence = nil
                } else {
                    put(line)
                }
                return
            }
            if let mark = rest.first, mark == backtick || mark == tilde, Self.count(mark, rest) >= 3 {
                let count = Self.count(mark, rest)
                // Three backticks and more of them in the same line are code within it.
                if !rest.dropFirst(count).contains(backtick) {
                    fence = (mark, count)
                    return
                }
            }
            guard !rest.isEmpty else {
                isBlank = true
                return
            }
            guard !Self.isRule(rest) else {
                isBlank = true
                return
            }
            guard !Self.isTableRule(rest) else { return }
            put(Self.begun(line[..<start], rest))
        }

        private mutating func put(_ line: [UInt8]) {
            if !bytes.isEmpty { bytes.append(newline) }
            if isBlank, !bytes.isEmpty { bytes.append(newline) }
            isBlank = false
            bytes.append(contentsOf: line)
        }

        /// A line without what marks its beginning.
        private static func begun(_ indent: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) -> [UInt8] {
            var rest = rest
            // A quotation, perhaps of a quotation.
            while rest.first == UInt8(ascii: ">") {
                rest = rest.dropFirst()
                if rest.first == space { rest = rest.dropFirst() }
            }
            let level = count(hash, rest)
            if (1...6).contains(level), rest.count == level || rest.dropFirst(level).first == space {
                rest = rest.dropFirst(level).drop { $0 == space }
                let end = rest.lastIndex { $0 != hash && $0 != space }.map { $0 + 1 } ?? rest.startIndex
                // Hashes at the end close the heading where a space is before them, as they do not in `C#`.
                if end < rest.endIndex, rest[end] == space { rest = rest[..<end] }
                return Inline.plain(rest)
            }
            if let mark = rest.first, mark == star || mark == UInt8(ascii: "+"), rest.dropFirst().first == space {
                return indent + [UInt8(ascii: "-")] + Inline.plain(rest.dropFirst())
            }
            return indent + Inline.plain(rest)
        }

        /// Whether a line only draws a line between paragraphs.
        private static func isRule(_ line: ArraySlice<UInt8>) -> Bool {
            guard let mark = line.first, mark == UInt8(ascii: "-") || mark == star || mark == UInt8(ascii: "_")
            else { return false }
            return line.allSatisfy { $0 == mark || $0 == space || $0 == tab } && line.count { $0 == mark } >= 3
        }

        /// Whether a line only parts the head of a table from its body.
        private static func isTableRule(_ line: ArraySlice<UInt8>) -> Bool {
            line.allSatisfy { "|-: \t".utf8.contains($0) } && line.contains(UInt8(ascii: "|"))
                && line.count { $0 == UInt8(ascii: "-") } >= 2
        }

        private static func count(_ mark: UInt8, _ line: ArraySlice<UInt8>) -> Int { line.prefix { $0 == mark }.count }
    }
}

private let space = UInt8(ascii: " ")
private let tab = UInt8(ascii: "\t")
private let newline = UInt8(ascii: "\n")
private let backtick = UInt8(ascii: "`")
private let tilde = UInt8(ascii: "~")
private let star = UInt8(ascii: "*")
private let hash = UInt8(ascii: "#")

/// The marks within a line.
private struct Inline {
    private let line: [UInt8]
    private var index = 0
    /// What is left, and which of it goes after all.
    private var output: [UInt8] = []
    private var isKept: [Bool] = []
    /// The marks that opened something, by kind, where they are in the output.
    private var open: [Mark: Int] = [:]
    /// The brackets that opened something, where they are in the output.
    private var brackets: [Int] = []
    /// How many backticks no longer occur together.
    private var missing: Set<Int> = []
    /// Up to where no parenthesis ends an address.
    private var addressless = 0

    private struct Mark: Hashable {
        var byte: UInt8
        var count: Int
    }

    static func plain(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var inline = Inline(line: Array(line))
        inline.run()
        return zip(inline.output, inline.isKept).compactMap { $1 ? $0 : nil }
    }

    private init(line: [UInt8]) {
        self.line = line
        output.reserveCapacity(line.count)
        isKept.reserveCapacity(line.count)
    }

    private mutating func run() {
        while index < line.count {
            let byte = line[index]
            switch byte {
            case UInt8(ascii: "\\") where index + 1 < line.count && Self.isEscapable(line[index + 1]):
                put(line[index + 1])
                index += 2
            case backtick: code()
            case star, tilde: mark(byte)
            case UInt8(ascii: "["):
                brackets.append(output.count)
                put(byte)
                index += 1
            case UInt8(ascii: "]"): bracket()
            default:
                put(byte)
                index += 1
            }
        }
    }

    private mutating func put(_ byte: UInt8) {
        output.append(byte)
        isKept.append(true)
    }

    /// Code, between two runs of as many backticks.
    private mutating func code() {
        let count = line[index...].prefix { $0 == backtick }.count
        let start = index + count
        // More together mean nothing; each number of them may cost a look at the rest of the line.
        if count <= 4, !missing.contains(count), let end = end(of: count, from: start) {
            var content = line[start..<end]
            // One space each side keeps a backtick apart from the marks.
            if content.count > 2, content.first == space, content.last == space {
                content = content.dropFirst().dropLast()
            }
            for byte in content { put(byte) }
            index = end + count
        } else {
            missing.insert(count)
            for _ in 0..<count { put(backtick) }
            index = start
        }
    }

    private func end(of count: Int, from start: Int) -> Int? {
        var run = 0
        for index in start...line.count {
            if index < line.count, line[index] == backtick {
                run += 1
            } else {
                if run == count { return index - run }
                run = 0
            }
        }
        return nil
    }

    /// Stars or tildes: the first goes with the next of as many that can end what it began.
    private mutating func mark(_ byte: UInt8) {
        let count = line[index...].prefix { $0 == byte }.count
        let before = index > 0 ? line[index - 1] : space
        let after = index + count < line.count ? line[index + count] : space
        let mark = Mark(byte: byte, count: count)
        let start = output.count
        for _ in 0..<count { put(byte) }
        index += count
        guard byte == star ? count <= 3 : count == 2 else { return }
        // Between two letters or digits it is a sign of its own, as in 2*3.
        guard !(Self.isWordPart(before) && Self.isWordPart(after)) else { return }
        if let opening = open[mark], before != space {
            for position in [opening, start] {
                for index in position..<position + count { isKept[index] = false }
            }
            open[mark] = nil
        } else if after != space {
            open[mark] = start
        }
    }

    /// The end of a link's text, or just a bracket.
    private mutating func bracket() {
        guard let opening = brackets.popLast(), index + 1 < line.count, line[index + 1] == UInt8(ascii: "("),
            let (address, end) = address(from: index + 2)
        else {
            put(line[index])
            index += 1
            return
        }
        isKept[opening] = false
        if opening > 0, output[opening - 1] == UInt8(ascii: "!") { isKept[opening - 1] = false }
        let text = output[(opening + 1)...]
        if text.isEmpty {
            for byte in address { put(byte) }
        } else if !address.isEmpty, !(text.count == address.count && text.elementsEqual(address)) {
            for byte in " (".utf8 { put(byte) }
            for byte in address { put(byte) }
            put(UInt8(ascii: ")"))
        }
        index = end
    }

    /// An address up to the parenthesis that ends it, perhaps with a title behind it.
    private mutating func address(from start: Int) -> (address: ArraySlice<UInt8>, end: Int)? {
        guard start >= addressless else { return nil }
        var depth = 0
        var end: Int?
        for index in start..<line.count {
            switch line[index] {
            case space: end = end ?? index
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")") where depth > 0: depth -= 1
            case UInt8(ascii: ")"): return (line[start..<(end ?? index)], index + 1)
            default: break
            }
        }
        // What begins later does not end either, or only where parentheses in between are left open.
        addressless = line.count
        return nil
    }

    private static func isWordPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isEscapable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}
