/// What the groups of a pattern found in a text.
public struct Captures: Sendable, Equatable {
    private var groups: [String?] = []
    private var numbers: [String: Int] = [:]

    /// Creates captures that hold nothing.
    public init() {}

    init(groups: [String?], names: [String: Int]) {
        self.groups = groups
        numbers = names
    }

    /// What a group found.
    /// - Parameter group: The group's number; 0 is the whole match.
    /// - Returns: The text, or `nil` where there is no such group or it took no part in the match.
    public subscript(group: Int) -> String? { groups.indices.contains(group) ? groups[group] : nil }

    /// What a named group found.
    /// - Parameter name: The group's name, as in `(?<name>…)`.
    /// - Returns: The text, or `nil` where there is no such group or it took no part in the match.
    public subscript(name: String) -> String? { numbers[name].flatMap { self[$0] } }

    /// The number of groups, the whole match among them; 0 where nothing was matched.
    public var count: Int { groups.count }

    /// The names of the pattern's named groups, in the order of the groups.
    package var names: [String] { numbers.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key) }
}

extension Captures: CustomStringConvertible, CustomReflectable {
    /// The number of groups. What they found is what a user wrote, and stays out of descriptions.
    public var description: String { "Captures(\(count))" }
    /// A mirror of what the description shows.
    public var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
