/// Something that keeps the platform and a server from understanding each other, and what to change.
public struct Finding: Sendable, Hashable {
    /// How much it matters.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// Users see the fault notice or nothing, or strangers can speak for the platform.
        case error
        /// It works now, and may not always.
        case warning
        /// Worth knowing, and nothing to change.
        case note
    }

    /// What it is about; the same in every version.
    public let code: FindingCode
    /// What was seen, in a sentence.
    public let seen: String
    /// What to change, in a sentence.
    public let advice: String

    /// How much it matters.
    public var severity: Severity { code.severity }

    /// Creates a finding.
    /// - Parameters:
    ///   - code: What it is about.
    ///   - seen: What was seen.
    ///   - advice: What to change.
    public init(_ code: FindingCode, _ seen: String, _ advice: String) {
        self.code = code
        self.seen = seen
        self.advice = advice
    }
}

extension Finding: CustomStringConvertible {
    /// All of it in one line.
    public var description: String { "\(severity.rawValue) \(code.rawValue): \(seen); \(advice)" }
}
