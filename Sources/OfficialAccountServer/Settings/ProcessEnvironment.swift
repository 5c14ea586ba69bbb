internal import Glibc

/// The environment variables of the process, or those that a test says.
public struct ProcessEnvironment: Sendable {
    /// The variables, or `nil` for the process's own.
    private let variables: [String: String]?
    /// Variables that count before them.
    private var added: [String: String] = [:]

    /// The process's own environment, looked up when it is asked for.
    public static let process = ProcessEnvironment(variables: nil)

    /// Creates an environment from variables that are given.
    /// - Parameter variables: Names and values.
    public init(_ variables: [String: String]) {
        self.init(variables: variables)
    }

    private init(variables: [String: String]?) {
        self.variables = variables
    }

    /// The environment with more variables, which count before those that are there.
    /// - Parameter variables: Names and values.
    public func adding(_ variables: [String: String]) -> ProcessEnvironment {
        var environment = self
        environment.added.merge(variables) { $1 }
        return environment
    }

    /// The value of a variable, or `nil` where it is not set.
    /// - Parameter name: The variable's name.
    public subscript(name: String) -> String? {
        if let value = added[name] { return value }
        if let variables { return variables[name] }
        return getenv(name).map { String(cString: $0) }
    }

    /// All variables whose names begin with a prefix.
    ///
    /// One look over the whole environment costs a CGI process less than asking for each setting by name.
    /// - Parameter prefix: How the names begin.
    /// - Returns: Names and values, in order of the names.
    func variables(beginningWith prefix: String) -> [(name: String, value: String)] {
        var found: [String: String] = [:]
        if let variables {
            found = variables.filter { $0.key.hasPrefix(prefix) }
        } else {
            var entry = environ
            while let variable = entry.pointee {
                entry += 1
                guard strncmp(variable, prefix, prefix.utf8.count) == 0 else { continue }
                let parts = String(cString: variable).split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
            }
        }
        found.merge(added.filter { $0.key.hasPrefix(prefix) }) { $1 }
        return found.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }
}
