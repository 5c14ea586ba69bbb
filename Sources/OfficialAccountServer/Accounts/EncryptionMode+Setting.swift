public import OfficialAccount

extension EncryptionMode {
    /// Reads a mode from a setting.
    /// - Parameter text: The mode's name, in any case.
    /// - Throws: ``EncryptionModeError``, which says what is accepted.
    public init(parsing text: String) throws(EncryptionModeError) {
        guard let mode = Self(rawValue: text.lowercased()) else { throw EncryptionModeError() }
        self = mode
    }
}

/// A mode of encryption that there is not.
public struct EncryptionModeError: Error, Sendable, CustomStringConvertible {
    /// What is accepted.
    public var description: String {
        "expected " + EncryptionMode.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
