public import OfficialAccountBot

/// Why a service or a program did not answer a message, and what to do about it.
public struct ServiceError: LoggableError, Sendable, Equatable {
    /// What kind of failure it is.
    public enum Reason: Sendable, Equatable {
        /// As many calls are under way as there may be.
        case busy
        /// There is no connection, or it was lost.
        case unreachable
        /// It took longer than it may.
        case tooSlow
        /// It answered more bytes than it may.
        case tooLarge(limit: Int)
        /// The service answered with an HTTP status that is none of success.
        case status(Int)
        /// The answer is nothing that a reply can be made of.
        case unreadable
        /// The program cannot be started.
        case notStarted
        /// The program ended with another exit status than 0.
        case exited(status: Int)
        /// The program was ended by a signal.
        case signaled(Int)
        /// The answer changes the user's session, and there is no store to keep it in.
        case noStore
        /// The answer changes the user's session, which the store does not take.
        case sessionNotKept
    }

    /// What kind of failure it is.
    public let reason: Reason
    /// What went wrong and what to do about it, in a sentence or two; never a secret, an address beyond host and port, or
    /// what a user wrote.
    public let description: String

    init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}

/// What is wrong with a setting of a service or a program.
public struct ServiceSettingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting, by the name of the initializer's parameter.
    public let setting: String
    /// What is wrong and what is accepted; never the value where it could be secret.
    public let description: String

    init(_ setting: String, _ description: String) {
        self.setting = setting
        self.description = description
    }
}

/// What the settings of services and programs have in common.
enum ServiceLimits {
    static let timeouts: ClosedRange<Duration> = .milliseconds(100)...(.seconds(600))
    static let bytes = 256...(16 << 20)
    static let sessionLifetimes: ClosedRange<Double> = 1...2_592_000

    static func check(
        timeout: Duration, limit: Int, sessionLifetime: Double
    ) throws(ServiceSettingError) {
        guard timeouts.contains(timeout) else {
            throw ServiceSettingError("timeout", "the time limit must be from 0.1 to 600 seconds")
        }
        guard bytes.contains(limit) else {
            throw ServiceSettingError("limit", "the limit of an answer must be from 256 bytes to 16 MiB")
        }
        guard sessionLifetimes.contains(sessionLifetime) else {
            throw ServiceSettingError("sessionLifetime", "a session's lifetime must be from 1 second to 30 days")
        }
    }
}
