internal import Yams

/// The text of a configuration file as a tree of YAML nodes that keep their places.
///
/// Nothing but the tree is taken from the parser: values stay the text they were, so that a Token of digits keeps its
/// leading zeros, and no tag makes anything else of them.
package enum YAMLText {
    /// A file is read up to this size.
    package static let longest = 1 << 20
    /// With fewer references than this a tree that is made of references to references stays small.
    private static let mostReferences = 16

    /// Parses a text.
    /// - Parameters:
    ///   - text: The text.
    ///   - lines: Its lines.
    ///   - mistakes: Takes what is wrong with it.
    /// - Returns: The root, or `nil` where there is none or where it was a mistake.
    static func parse(_ text: String, _ lines: YAMLLines, _ mistakes: inout Mistakes) -> Node? {
        guard isBounded(text, &mistakes) else { return nil }
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            let root = try parser.singleRoot()
            // An anchor is known to its node only as long as the parser lives.
            return withExtendedLifetime(parser) {
                root.flatMap { reportAnchors(in: $0, &mistakes) ? nil : $0 }
            }
        } catch let error as YamlError {
            add(error, lines, &mistakes)
        } catch {
            mistakes.add("the file could not be read as YAML", at: nil)
        }
        return nil
    }

    /// Refuses references before they are followed: a key of references to references of references would keep the
    /// parser busy for ever, as it compares keys. Nesting it bounds itself.
    private static func isBounded(_ text: String, _ mistakes: inout Mistakes) -> Bool {
        var anchors = 0
        var references = 0
        var previous = UInt8(ascii: " ")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&") where beginsWord(after: previous): anchors += 1
            case UInt8(ascii: "*") where beginsWord(after: previous): references += 1
            default: break
            }
            previous = byte
        }
        guard anchors == 0 || references <= mostReferences else {
            mistakes.add(anchorsAreNotAccepted, at: nil)
            return false
        }
        return true
    }

    private static let anchorsAreNotAccepted =
        "anchors and aliases (& and *) are not accepted: write the value out at each place; "
        + "a text that begins with one of them is put in quotes"

    private static func beginsWord(after byte: UInt8) -> Bool {
        byte <= 0x20 || "[{,:".utf8.contains(byte)
    }

    /// Reports every anchor of a tree.
    private static func reportAnchors(in root: Node, _ mistakes: inout Mistakes) -> Bool {
        var found = false
        var waiting = [root]
        while let node = waiting.popLast() {
            if node.anchor != nil {
                mistakes.add(anchorsAreNotAccepted, at: node.mark)
                found = true
            }
            switch node {
            case .mapping(let mapping): for (key, value) in mapping { waiting += [key, value] }
            case .sequence(let sequence): waiting += sequence
            case .scalar, .alias: break
            }
        }
        return found
    }

    /// The parser's own text for an error shows the line, which may hold a secret: only its problem is used.
    private static func add(_ error: YamlError, _ lines: YAMLLines, _ mistakes: inout Mistakes) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let (text, place) = YAMLAdvice(lines: lines).advice(
                on: problem, at: .init(mark), beginning: context.map { .init($0.mark) })
            mistakes.add(text, line: place.line, column: place.column)
        case .reader(let problem, let offset, let character, let yaml):
            let line = offset.map { 1 + yaml.prefix($0).count(where: \.isNewline) }
            let shown = String(character, radix: 16, uppercase: true)
            let text =
                problem == "control characters are not allowed"
                ? "take the control character U+\(String(repeating: "0", count: max(0, 4 - shown.count)))\(shown) out of this line"
                : "not YAML: \(problem)"
            mistakes.add(text, line: line ?? 0, column: 1)
        case .duplicatedKeysInMapping(let keys, let context):
            for key in keys { mistakes.add("the key '\(String(key.prefix(40)))' is there twice", at: context.mark) }
        default: mistakes.add("the file could not be read as YAML", at: nil)
        }
    }
}
