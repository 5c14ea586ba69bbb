public import OfficialAccountBot

/// What an account says of late answers; what it does not say is as for all accounts of the process.
public struct LateOverrides: Sendable, Equatable {
    /// Where an answer goes that is late.
    public var mode: LateAnswers.Mode?
    /// What tells the user that the answer is to come.
    public var notice: String?
    /// What stands below a part of a long text while there is more of it.
    public var continuation: String?
    /// What the user gets where a handler failed or took too long.
    public var apology: String?
    /// The texts that ask for what is owed.
    public var collectWords: [String]?
    /// Whether 「正在输入」 is shown.
    public var showsTyping: Bool?

    /// Creates overrides that say nothing.
    public init() {}

    /// What counts for the account.
    /// - Parameter defaults: What counts for all accounts of the process.
    func applied(to defaults: LateAnswers) -> LateAnswers {
        var late = defaults
        if let mode { late.mode = mode }
        if let notice { late.notice = notice }
        if let continuation { late.continuation = continuation }
        if let apology { late.apology = apology }
        if let collectWords { late.collectWords = collectWords }
        if let showsTyping { late.showsTyping = showsTyping }
        return late
    }
}

extension Accounts {
    /// What each account does with late answers.
    /// - Parameter defaults: What counts where an account says nothing.
    /// - Returns: The accounts' names with what counts for them; one without a name where there is no list of accounts.
    public func lateAnswers(_ defaults: LateAnswers) -> [(name: String, late: LateAnswers)] {
        guard let list else { return [("the account", defaults)] }
        return list.map { ($0.name.isEmpty ? $0.path.description : $0.name, $0.late.applied(to: defaults)) }
    }
}
