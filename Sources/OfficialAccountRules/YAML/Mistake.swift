package import Yams

/// One mistake in a configuration file. Its text never repeats a value that could be a secret.
public struct Mistake: Sendable, Equatable, Comparable {
    /// How much it matters.
    public enum Severity: Sendable, Equatable {
        /// The file is not accepted.
        case error
        /// The file is accepted, but does not do what whoever wrote it is likely to expect.
        case warning
    }

    /// How much it matters.
    public var severity: Severity
    /// The line, from 1; 0 where the mistake has no place.
    public var line: Int
    /// The column, from 1, in characters.
    public var column: Int
    /// What is wrong, and what was meant or would be accepted.
    public var text: String

    package init(severity: Severity = .error, line: Int, column: Int, text: String) {
        self.severity = severity
        self.line = line
        self.column = column
        self.text = text
    }

    /// Whether one stands before the other in the file.
    /// - Parameters:
    ///   - left: One mistake.
    ///   - right: The other.
    public static func < (left: Mistake, right: Mistake) -> Bool {
        (left.line, left.column, left.text) < (right.line, right.column, right.text)
    }

    /// The mistake as a line, `file:line:column: what is wrong`.
    /// - Parameter file: What the file is called.
    public func line(in file: String) -> String {
        let text = severity == .warning ? "warning: \(text)" : text
        return line > 0 ? "\(file):\(line):\(column): \(text)" : "\(file): \(text)"
    }
}

/// The mistakes found so far while a file is read on, so that all of them are reported at once.
package struct Mistakes {
    package private(set) var list: [Mistake] = []
    /// More are not kept: a file that is something else altogether is one mistake after the other.
    private static let most = 50

    package init() {}

    /// Whether there is nothing for which the file is not accepted.
    package var isEmpty: Bool { errors.isEmpty }
    package var errors: [Mistake] { list.filter { $0.severity == .error } }
    package var warnings: [Mistake] { list.filter { $0.severity == .warning } }

    package mutating func add(_ text: String, at mark: Mark?) {
        add(text, line: mark?.line ?? 0, column: mark?.column ?? 0)
    }

    package mutating func add(_ text: String, line: Int, column: Int) {
        add(Mistake(line: line, column: column, text: text))
    }

    package mutating func warn(_ text: String, at mark: Mark?) {
        add(Mistake(severity: .warning, line: mark?.line ?? 0, column: mark?.column ?? 0, text: text))
    }

    private mutating func add(_ mistake: Mistake) {
        let count = mistake.severity == .error ? errors.count : warnings.count
        if count < Self.most, !list.contains(mistake) { list.append(mistake) }
    }
}

/// A configuration file that was not accepted.
public struct ConfigurationError: Error, CustomStringConvertible {
    /// What the file is called.
    public var file: String
    /// What is wrong with it.
    public var mistakes: [Mistake]

    package init(file: String, mistakes: [Mistake]) {
        self.file = file
        self.mistakes = mistakes
    }

    /// One line for each mistake, `file:line:column: what is wrong`, in the order of the file.
    public var lines: [String] { mistakes.sorted().map { $0.line(in: file) } }

    /// The lines, each at its own line.
    public var description: String { lines.joined(separator: "\n") }
}
