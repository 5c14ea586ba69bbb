internal import Synchronization

/// How log lines are written.
public enum LogForm: String, Sendable, CaseIterable {
    /// For people: ``StandardErrorLog``.
    case text
    /// One JSON object a line, for programs.
    case json
}

/// The form of log lines, shared by all loggers of the process, so that a reload can change it.
final class LogFormSwitch: Sendable {
    /// The switch of the process: serving sets it from the setting `log_format`.
    static let process = LogFormSwitch()

    private let isJSON = Atomic<Bool>(false)

    var form: LogForm {
        get { isJSON.load(ordering: .relaxed) ? .json : .text }
        set { isJSON.store(newValue == .json, ordering: .relaxed) }
    }
}
