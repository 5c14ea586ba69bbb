public import Logging
internal import Synchronization

/// The level from which lines are logged, shared by all loggers of the process, so that a reload can change it.
public final class LogLevelSwitch: Sendable {
    /// The switch of the process: serving sets it from the setting `log_level`.
    public static let process = LogLevelSwitch()

    private let index: Atomic<Int>

    /// Creates a switch.
    /// - Parameter level: The level from which lines are logged.
    public init(_ level: Logger.Level = .notice) {
        index = Atomic(Self.index(of: level))
    }

    /// The level from which lines are logged.
    public var level: Logger.Level {
        get {
            let levels = Logger.Level.allCases
            return levels[min(index.load(ordering: .relaxed), levels.count - 1)]
        }
        set { index.store(Self.index(of: newValue), ordering: .relaxed) }
    }

    private static func index(of level: Logger.Level) -> Int {
        Logger.Level.allCases.firstIndex(of: level) ?? 0
    }
}
