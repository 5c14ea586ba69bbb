package import Yams

/// Reads the nodes of a configuration file and keeps the mistakes it finds on the way.
///
/// Each function returns `nil` where there was a mistake, which then has been kept: the caller reads on with what there
/// is, so that one run reports everything.
package struct YAMLReader {
    /// What has been found wrong so far.
    package var mistakes = Mistakes()
    /// How long the answers of rules may take, each with its place.
    package internal(set) var answerTimeouts: [AnswerTimeout] = []
    /// Where `${NAME}` comes from.
    package let substitution: Substitution
    /// The text that is read.
    private(set) var lines = YAMLLines("")

    package init(substitution: Substitution) { self.substitution = substitution }

    /// Parses a text, whose nodes then are read.
    /// - Parameter text: The text.
    /// - Returns: The root, or `nil` where there is none or where it was a mistake.
    package mutating func parse(_ text: String) -> Node? {
        guard text.utf8.count <= YAMLText.longest else {
            mistakes.add("the file is larger than the \(YAMLText.longest) bytes that are read", at: nil)
            return nil
        }
        lines = YAMLLines(text)
        return YAMLText.parse(text, lines, &mistakes)
    }

    /// A value with its place.
    package struct Value {
        package var text: String
        package var mark: Mark?
    }

    /// The entries of a mapping, those with unknown keys left out.
    /// - Parameters:
    ///   - node: The node, which has to be a mapping.
    ///   - keys: The keys that are known.
    ///   - what: What the mapping is called in a mistake, such as `an account`.
    package mutating func mapping(_ node: Node, keys: [String], what: String) -> [String: Node]? {
        guard case .mapping(let mapping) = node else {
            mistakes.add("\(what) is written as keys with values", at: node.mark)
            return nil
        }
        var entries: [String: Node] = [:]
        for (key, value) in mapping {
            guard case .scalar(let name) = key else {
                // Such as {{content}}, which is a mapping of a mapping.
                if case .mapping = key {
                    mistakes.add("\(what): \(YAMLAdvice.braces)", at: node.mark)
                } else {
                    mistakes.add("\(what) has a key that is no word", at: key.mark)
                }
                continue
            }
            guard keys.contains(name.string) else {
                add(unknownKey: name, keys: keys, what: what)
                continue
            }
            entries[name.string] = value
        }
        return entries
    }

    /// The items of a list.
    package mutating func list(_ node: Node, what: String) -> [Node]? {
        guard case .sequence(let sequence) = node else {
            mistakes.add("\(what) is written as a list, each item behind a dash", at: node.mark)
            return nil
        }
        return Array(sequence)
    }

    /// The text of a value, with `${NAME}` replaced.
    /// - Parameters:
    ///   - node: The node, which has to be a scalar that is not empty.
    ///   - key: What it is called in a mistake, such as `token`.
    package mutating func value(_ node: Node, key: String) -> Value? {
        guard case .scalar(let scalar) = node else {
            mistakes.add("\(key) is written as a single value", at: node.mark)
            return nil
        }
        do throws(Substitution.Failure) {
            let text = try substitution.complete(scalar.string)
            guard !text.isEmpty else {
                let comment = lines.comment(in: scalar) == .all ? ": \(Self.commentAlone)" : ""
                mistakes.add("\(key) has no value\(comment)", at: scalar.mark)
                return nil
            }
            if let name = Substitution.nameWithoutBraces(scalar.string) {
                mistakes.warn("\(key): write ${\(name)} to have the variable's value there", at: scalar.mark)
            }
            if lines.comment(in: scalar) == .end {
                mistakes.warn(
                    "\(key): what follows ' #' is a comment; put the value in quotes, or a space behind the #",
                    at: scalar.mark)
            }
            return Value(text: text, mark: scalar.mark)
        } catch {
            switch error {
            case .missing(let name):
                mistakes.add(
                    "\(key): neither a credential nor an environment variable has the name \(name)\(substitution.advice)",
                    at: scalar.mark)
            case .malformed:
                mistakes.add(
                    "\(key): expected ${NAME}, a name of letters, digits, _ - and .; $${ stands for ${", at: scalar.mark
                )
            }
            return nil
        }
    }

    private static let commentAlone = "its '#' begins a comment; put the value in quotes"

    /// Warns of a key that may stand without a value and does so only because of a `#`.
    package mutating func warnOfComment(_ node: Node, key: String) {
        guard case .scalar(let scalar) = node, lines.comment(in: scalar) == .all else { return }
        mistakes.warn(
            "\(key): its '#' begins a comment, so that it has no value; put the value in quotes", at: scalar.mark)
    }

    private mutating func add(unknownKey key: Node.Scalar, keys: [String], what: String) {
        // What stands behind a colon that does not end the key is its value, which may be a secret.
        if let colon = key.string.firstIndex(where: { $0 == ":" || $0 == "：" }) {
            let mistake: YAMLLines.KeyMistake = key.string[colon] == ":" ? .noSpaceBehindColon : .fullWidthColon
            mistakes.add(mistake.text, at: key.mark)
            return
        }
        let shown = String(key.string.unicodeScalars.prefix(40).map { $0.value < 0x20 ? "?" : Character($0) })
        if let meant = Suggestion.nearest(to: key.string, among: keys) {
            mistakes.add("unknown key '\(shown)', did you mean '\(meant)'?", at: key.mark)
        } else {
            mistakes.add("unknown key '\(shown)'; \(what) has \(keys.joined(separator: ", "))", at: key.mark)
        }
    }
}

extension YAMLReader {
    /// The value of a key, read by the type that knows what is accepted.
    /// - Returns: `nil` where the key is absent, and where its value was a mistake.
    package mutating func parse<Value, Failure: Error & CustomStringConvertible>(
        _ node: Node?, _ key: String, _ parse: (String) throws(Failure) -> Value
    ) -> Value? {
        guard let node, let value = value(node, key: key) else { return nil }
        do throws(Failure) {
            return try parse(value.text)
        } catch {
            mistakes.add("\(key): \(error.description)", at: value.mark)
            return nil
        }
    }
}
