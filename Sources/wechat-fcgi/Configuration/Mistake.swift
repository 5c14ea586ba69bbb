import Yams

/// One mistake in a configuration file. Its text never repeats a value that could be a secret.
struct Mistake: Equatable, Comparable {
    /// The line, from 1; 0 where the mistake has no place.
    var line: Int
    /// The column, from 1, in characters.
    var column: Int
    /// What is wrong, and what was meant or would be accepted.
    var text: String

    static func < (left: Mistake, right: Mistake) -> Bool {
        (left.line, left.column, left.text) < (right.line, right.column, right.text)
    }
}

/// The mistakes found so far while a file is read on, so that all of them are reported at once.
struct Mistakes {
    private(set) var list: [Mistake] = []
    /// More are not kept: a file that is something else altogether is one mistake after the other.
    private static let most = 50

    var isEmpty: Bool { list.isEmpty }

    mutating func add(_ text: String, at mark: Mark?) {
        let mistake = Mistake(line: mark?.line ?? 0, column: mark?.column ?? 0, text: text)
        if list.count < Self.most, !list.contains(mistake) { list.append(mistake) }
    }
}

/// A configuration file that was not accepted.
struct ConfigurationError: Error, CustomStringConvertible {
    var file: String
    var mistakes: [Mistake]

    /// One line for each mistake, `file:line:column: what is wrong`, in the order of the file.
    var lines: [String] {
        mistakes.sorted().map { $0.line > 0 ? "\(file):\($0.line):\($0.column): \($0.text)" : "\(file): \($0.text)" }
    }

    var description: String { lines.joined(separator: "\n") }
}
