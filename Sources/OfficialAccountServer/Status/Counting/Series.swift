/// The name of one number that is counted: what it counts and of what, as Prometheus has it
/// (https://prometheus.io/docs/concepts/data_model/).
struct Series: Hashable, Sendable {
    /// One of the things that tell numbers of a name apart.
    struct Label: Hashable, Sendable {
        var name: String
        var value: String
    }

    let name: String
    let labels: [Label]

    init(_ name: String, _ labels: [(String, String)] = []) {
        self.name = name
        self.labels = labels.map { Label(name: $0.0, value: Self.line($0.1)) }
    }

    /// The value of a label; empty where there is none.
    subscript(label: String) -> String { labels.first { $0.name == label }?.value ?? "" }

    /// A value on one line, no longer than anybody reads: it stands in files and answers that are read line by line.
    private static func line(_ value: String) -> String {
        let isPlain = value.utf8.count <= longest && value.unicodeScalars.allSatisfy { !$0.isUnseen }
        if isPlain { return value }
        var text = ""
        for scalar in value.unicodeScalars.prefix(longest) {
            text.unicodeScalars.append(scalar.isUnseen ? "?" : scalar)
        }
        return text
    }

    private static let longest = 128
}

extension Series: Comparable {
    static func < (one: Series, other: Series) -> Bool {
        if one.name != other.name { return one.name < other.name }
        for (left, right) in zip(one.labels, other.labels) where left != right {
            return left.name == right.name ? left.value < right.value : left.name < right.name
        }
        return one.labels.count < other.labels.count
    }
}
