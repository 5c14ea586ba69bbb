internal import Yams

/// What to write in place of a text that is no YAML. The parser's own words are for people who know how YAML is read, and
/// come for some mistakes a line too late.
///
/// The advice never repeats more of the text than a character of punctuation: the line may hold a secret.
struct YAMLAdvice {
    /// The text.
    let lines: YAMLLines

    /// A place in the text, both from 1.
    struct Place: Equatable {
        var line: Int
        var column: Int

        init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
    }

    /// What is wrong, in words, and where.
    /// - Parameters:
    ///   - problem: What libyaml calls it.
    ///   - place: Where libyaml noticed it.
    ///   - beginning: Where what it was reading then began.
    func advice(on problem: String, at place: Place, beginning: Place?) -> (text: String, place: Place) {
        let beginning = beginning ?? place
        switch problem {
        case "mapping values are not allowed in this context": return colon(at: place)
        case "could not find expected ':'":
            if let mistake = key(inLine: beginning.line) { return mistake }
            return (
                "expected a key and a colon, as in 'reply: text'; a text of several lines is put in quotes", beginning
            )
        case "found character that cannot start any token" where character(at: place) == "\t",
            "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return ("lines are indented with spaces, not with a tab", place)
        case "found character that cannot start any token", "did not find expected node content",
            "mapping keys are not allowed in this context",
            "block sequence entries are not allowed in this context", "found undefined alias":
            return quotes(at: place) ?? (Self.unknown(problem), place)
        case "did not find expected alphabetic or numeric character",
            "did not find expected whitespace or line break", "did not find expected comment or line break",
            "did not find expected tag URI", "did not find expected '!'", "found undefined tag handle":
            return quotes(at: beginning) ?? (Self.unknown(problem), place)
        case "found unknown escape character":
            return (
                #"in double quotes \ begins an escape such as \n: "#
                    + #"put a pattern in single quotes, which leave \ as it is"#, place
            )
        case "found unexpected end of stream": return ("the quote that opens here is not closed", beginning)
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            return bracket(at: place, beginning: beginning)
        case "did not find expected key", "did not find expected '-' indicator":
            return goesOn(at: place) ?? (Self.indentation, place)
        default: return (Self.unknown(problem), place)
        }
    }

    private static func unknown(_ problem: String) -> String { "not YAML: \(problem)" }

    private static let indentation =
        "the line begins in another column than those it belongs to: the keys of one mapping begin in the same"

    /// A colon where no key can be: the value before it holds one, or the line before it was no line of its own.
    private func colon(at place: Place) -> (String, Place) {
        if holdsKey(lines.before(line: place.line, column: place.column)) {
            return ("a value with a colon and a space in it is put in quotes: reply: 'a: b'", place)
        }
        if let before = lines.lineBefore(place.line), let mistake = key(inLine: before) { return mistake }
        return (Self.indentation, place)
    }

    /// Whether a key with its colon is in a part of a line.
    private func holdsKey(_ part: YAMLLines.Line) -> Bool {
        zip(part, part.dropFirst()).contains { $0 == ":" && $1.properties.isWhitespace }
    }

    private func key(inLine number: Int) -> (String, Place)? {
        lines.keyMistake(inLine: number).map { ($0.text, Place(line: number, column: $1)) }
    }

    /// A value whose first character is punctuation of YAML's.
    private func quotes(at place: Place) -> (String, Place)? {
        guard let first = character(at: place), first.isASCII, !first.properties.isAlphabetic,
            !first.properties.isWhitespace
        else { return nil }
        return ("put the value in quotes: without them a '\(first)' at its beginning means something else", place)
    }

    private func bracket(at place: Place, beginning: Place) -> (String, Place) {
        let before = Array(lines.before(line: place.line, column: place.column))
        if let comma = before.lastIndex(of: "\u{FF0C}"), beginning.line < place.line || comma >= beginning.column {
            return (
                "the comma between entries is the half-width one, ','", Place(line: place.line, column: comma + 1)
            )
        }
        let opening = character(at: beginning) == "{" ? "{" : "["
        let closing = opening == "{" ? "}" : "]"
        return (
            "the \(opening) has no \(closing), or a comma is missing; a value with one of ,:#[]{} in it is put in quotes",
            beginning
        )
    }

    /// A value that goes on where YAML has it end: behind a quote or a bracket.
    private func goesOn(at place: Place) -> (String, Place)? {
        let before = lines.before(line: place.line, column: place.column)
        switch before.last(where: { !$0.properties.isWhitespace }) {
        case "\"", "'":
            return (
                "the value goes on behind its closing quote: put all of it in quotes, inside '…' a quote is written ''",
                place
            )
        case "}": return (Self.braces, place)
        case "]": return ("put the value in quotes: without them [ begins a list", place)
        default: return nil
        }
    }

    /// What is wrong with a value that begins with `{{`.
    static let braces = "put the value in quotes: without them { begins a mapping"

    private func character(at place: Place) -> Unicode.Scalar? {
        lines.after(line: place.line, column: place.column).first
    }
}
