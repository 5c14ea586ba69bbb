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
        guard !nodes.isEmpty else {
            mistakes.add("\(key) is an empty list", at: node.mark)
            return nil
        }
        let values = nodes.map { value($0, key: key) }
        return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
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
