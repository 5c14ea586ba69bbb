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
        guard let node, let value = value(node, key: key) else { return nil }
        guard let seconds = SettingSyntax.seconds(value.text).map(Double.init), range.contains(seconds) else {
            let bounds =
                "\(SettingSyntax.text(seconds: range.lowerBound)) to \(SettingSyntax.text(seconds: range.upperBound))"
            mistakes.add("\(key): expected a time such as 30s, 5m or 1h, from \(bounds)", at: value.mark)
            return nil
        }
        return seconds
    }

    /// A size in bytes, such as `64k`.
    package mutating func bytes(_ node: Node?, key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node, let value = value(node, key: key) else { return nil }
        guard let bytes = SettingSyntax.bytes(value.text), range.contains(bytes) else {
            let bounds =
                "\(SettingSyntax.text(bytes: range.lowerBound)) to \(SettingSyntax.text(bytes: range.upperBound))"
            mistakes.add("\(key): expected a size such as 64k or 1MiB, from \(bounds)", at: value.mark)
            return nil
        }
        return bytes
    }

    /// A whole number.
    package mutating func count(_ node: Node?, key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node, let value = value(node, key: key) else { return nil }
        guard let count = SettingSyntax.count(value.text), range.contains(count) else {
            mistakes.add(
                "\(key): expected a whole number from \(range.lowerBound) to \(range.upperBound)", at: value.mark)
            return nil
        }
        return count
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
