/// Why a server could not start.
public struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call that failed.
    public let operation: String
    /// Its error number (errno(3)).
    public let errno: Int32

    /// The call and its error in words.
    public var description: String { "\(operation): \(SystemError.text(errno))" }
}
