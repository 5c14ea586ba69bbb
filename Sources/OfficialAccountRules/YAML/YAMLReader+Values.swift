internal import OfficialAccountBot
package import Yams

/// How the values of several keys are written: lists, times, sizes, numbers.
extension YAMLReader {
    /// Whether a key stands without a value, as in `voice:`.
    package func isEmpty(_ node: Node) -> Bool {
        if case .scalar(let scalar) = node { scalar.string.isEmpty } else { false }
    }

    /// One value, or a list of values.
    /// - Returns: The values, or `nil` where there is none or one was a mistake.
    package mutating func values(_ node: Node, key: String) -> [Value]? {
        guard case .sequence(let nodes) = node else { return value(node, key: key).map { [$0] } }
        // The parser does not keep a sequence's style.
        if lines.isBracket(at: nodes.mark) { warnOfCommas(nodes, key: key) }
        guard !nodes.isEmpty else {
            mistakes.add("\(key) is an empty list", at: node.mark)
            return nil
        }
        let values = nodes.map { value($0, key: key) }
        return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
    }

    /// A list in brackets is written with YAML's own comma: one of another script is a part of the word.
    private mutating func warnOfCommas(_ nodes: Node.Sequence, key: String) {
        for case .scalar(let word) in nodes where word.style == .plain {
            guard let comma = word.string.first(where: { "，、".contains($0) }) else { continue }
            mistakes.warn(
                "\(key): '\(comma)' is no comma to YAML, so that this is one word; write ', ', or put the word in quotes",
                at: word.mark)
        }
    }

    /// A time in seconds, such as `10s`, `5m` or `1h`.
    package mutating func seconds(_ node: Node?, key: String, in range: ClosedRange<Double>) -> Double? {
        bounded(
            node, key: key, in: range, expected: "a time such as 30s, 5m or 1h,",
            { SettingSyntax.seconds($0).map(Double.init) }, SettingSyntax.text(seconds:))
    }

    /// A size in bytes, such as `64k`.
    package mutating func bytes(_ node: Node?, key: String, in range: ClosedRange<Int>) -> Int? {
        bounded(
            node, key: key, in: range, expected: "a size such as 64k or 1MiB,", SettingSyntax.bytes,
            SettingSyntax.text(bytes:))
    }

    /// A whole number.
    package mutating func count(_ node: Node?, key: String, in range: ClosedRange<Int>) -> Int? {
        bounded(node, key: key, in: range, expected: "a whole number", SettingSyntax.count) { "\($0)" }
    }

    private mutating func bounded<Number>(
        _ node: Node?, key: String, in range: ClosedRange<Number>, expected: String, _ parse: (String) -> Number?,
        _ text: (Number) -> String
    ) -> Number? {
        guard let node, let value = value(node, key: key) else { return nil }
        guard let number = parse(value.text), range.contains(number) else {
            let bounds = "from \(text(range.lowerBound)) to \(text(range.upperBound))"
            mistakes.add("\(key): expected \(expected) \(bounds)", at: value.mark)
            return nil
        }
        return number
    }

    /// The entries of a mapping in their order, whatever their keys.
    package mutating func entries(_ node: Node, what: String) -> [(key: Value, value: Node)]? {
        guard case .mapping(let mapping) = node else {
            mistakes.add("\(what) is written as names with values", at: node.mark)
            return nil
        }
        return mapping.compactMap { key, value in
            guard case .scalar(let name) = key, !name.string.isEmpty else {
                mistakes.add("\(what) has a name that is no word", at: key.mark)
                return nil
            }
            return (Value(text: name.string, mark: name.mark), value)
        }
    }
}
