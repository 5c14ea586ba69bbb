/// A name and its value: a header field, or a parameter of a query.
public struct NamedValue: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The value, not escaped.
    public var value: String

    /// Creates a pair.
    /// - Parameters:
    ///   - name: The name.
    ///   - value: The value, not escaped.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension NamedValue: CustomStringConvertible, CustomReflectable {
    /// The name; the value may be a signature or what a user wrote, and stays out of descriptions.
    public var description: String { "NamedValue(\(name))" }
    /// A mirror that shows the name only.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension [NamedValue] {
    /// The first value of a name, whatever its case.
    /// - Parameter name: The name.
    public func first(_ name: String) -> String? {
        first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
