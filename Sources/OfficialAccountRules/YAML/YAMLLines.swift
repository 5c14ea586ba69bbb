package import Yams

/// The lines of a YAML text, to look at what the parser only gives the place of.
package struct YAMLLines: Sendable {
    /// Columns are counted in Unicode scalars.
    package typealias Line = Substring.UnicodeScalarView

    private let lines: [Line]

    /// Splits a text.
    /// - Parameter text: The text.
    package init(_ text: String) {
        lines = text[...].unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// A line, or an empty one where there is none.
    /// - Parameter number: Its number, from 1.
    package subscript(number: Int) -> Line {
        lines.indices.contains(number - 1) ? lines[number - 1] : Line()
    }

    /// What stands in a line before a column.
    package func before(line: Int, column: Int) -> Line { self[line].prefix(max(0, column - 1)) }

    /// What stands in a line from a column on.
    package func after(line: Int, column: Int) -> Line { self[line].dropFirst(max(0, column - 1)) }

    /// The number of the last line before another that is not blank.
    func lineBefore(_ number: Int) -> Int? {
        (1..<max(1, number)).last { !self[$0].allSatisfy(\.properties.isWhitespace) }
    }
}

extension YAMLLines {
    /// What a `#` behind a value does that is likely not meant to begin a comment: no space is behind it.
    package enum Comment: Sendable {
        /// The value is empty but for the comment.
        case all
        /// The value ends at the comment.
        case end
    }

    /// Whether a list begins at a place with its bracket, not with the dash of its first item.
    func isBracket(at mark: Mark?) -> Bool {
        guard let mark, isShort(mark.line) else { return false }
        return after(line: mark.line, column: mark.column).first == "["
    }

    /// A line that is longer than anybody writes would be gone through again for each of its values.
    private func isShort(_ number: Int) -> Bool { self[number].dropFirst(4096).isEmpty }

    /// Whether a value without quotes is cut by a `#` that looks as if it belonged to it.
    /// - Parameter scalar: The value.
    package func comment(in scalar: Node.Scalar) -> Comment? {
        guard let mark = scalar.mark, [.plain, .any].contains(scalar.style), isShort(mark.line) else { return nil }
        var rest = after(line: mark.line, column: mark.column)
        guard rest.starts(with: scalar.string.unicodeScalars) else { return nil }
        rest = rest.dropFirst(scalar.string.unicodeScalars.count)
        let comment = rest.drop { $0 == " " || $0 == "\t" }
        guard comment.count < rest.count, comment.first == "#", let next = comment.dropFirst().first,
            next != "#", !next.properties.isWhitespace
        else { return nil }
        return scalar.string.isEmpty ? .all : .end
    }
}

extension YAMLLines {
    /// Where in a line a key ends with the wrong colon, or with one that nothing separates from its value.
    enum KeyMistake {
        case fullWidthColon
        case noSpaceBehindColon
        case noSpaceBehindDash

        var text: String {
            switch self {
            case .fullWidthColon: "the colon behind a key is the half-width one, ':', with a space behind it"
            case .noSpaceBehindColon: "write a space behind the colon of a key"
            case .noSpaceBehindDash: "write a space behind the dash of a list's item"
            }
        }
    }

    /// What is wrong with the key that a line begins with, and in which column.
    func keyMistake(inLine number: Int) -> (KeyMistake, column: Int)? {
        let line = self[number]
        var rest = line.drop { $0 == " " }
        while rest.first == "-" {
            if let next = rest.dropFirst().first, !next.properties.isWhitespace {
                return (.noSpaceBehindDash, line.count - rest.count + 1)
            }
            rest = rest.dropFirst().drop { $0 == " " }
        }
        let behind = rest.drop { $0.isASCII && ($0.properties.isAlphabetic || $0 == "_") }
        guard behind.count < rest.count, let colon = behind.first else { return nil }
        let column = line.count - behind.count + 1
        if colon == "\u{FF1A}" { return (.fullWidthColon, column) }
        if colon == ":", let next = behind.dropFirst().first, !next.properties.isWhitespace {
            return (.noSpaceBehindColon, column)
        }
        return nil
    }
}
