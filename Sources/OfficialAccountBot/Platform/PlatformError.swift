/// Why a call to the platform failed, and what to do about it.
public struct PlatformError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Reason: Sendable, Equatable {
        /// The platform refused the call, with its `errcode`.
        case refused(errcode: Int)
        /// The platform could not be reached, or did not answer in time.
        case unreachable
        /// The answer was not what the platform's documentation says.
        case unreadable
        /// A medium is larger than asked for.
        case tooLarge(limit: Int)
        /// The account has no AppID or AppSecret, without which the platform takes no call.
        case noCredentials
        /// What was to be sent cannot be sent this way.
        case unsendable
        /// The store that keeps the access token cannot be used.
        case store
    }

    /// What kind of failure it is.
    public let reason: Reason
    /// What went wrong and what to do about it, in a sentence or two; never a secret or what a user wrote.
    public let description: String

    /// Creates an error.
    /// - Parameters:
    ///   - reason: What kind of failure it is.
    ///   - description: What went wrong and what to do about it.
    public init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }

    /// The platform's `errcode`, where it refused the call.
    public var errcode: Int? {
        if case .refused(let errcode) = reason { errcode } else { nil }
    }
}
