public import OfficialAccount

/// What an account does with an answer that takes longer than the platform waits.
public struct LateAnswers: Sendable, Equatable {
    /// Where an answer goes that is late.
    public enum Mode: String, Sendable, CaseIterable {
        /// All three deliveries of a message wait for it, about 14 seconds in all; after them the user is told to ask for
        /// it, and gets it in answer to the next message. Needs no permission of the platform's.
        case collect
        /// It is sent by the customer-service interface, which verified accounts may use. Where the platform refuses, it
        /// waits to be collected.
        case customerService = "customer_service"
        /// It is dropped.
        case off
    }

    /// Where an answer goes that is late.
    public var mode: Mode
    /// What tells the user that the answer is to come, and how to ask for it.
    public var notice: String
    /// What stands below a part of a long text while there is more of it.
    public var continuation: String
    /// What the user gets where a handler failed or took too long; `nil` for nothing.
    public var apology: String?
    /// The texts that ask for what is owed and are no question of their own. Compared without regard to case, width and
    /// the space around them.
    public var collectWords: [String]
    /// Whether 「正在输入」 is shown while an answer is to be sent by the customer-service interface.
    public var showsTyping: Bool

    /// Creates what an account does with late answers.
    /// - Parameters:
    ///   - mode: Where an answer goes that is late.
    ///   - notice: What tells the user that the answer is to come.
    ///   - continuation: What stands below a part of a long text while there is more of it.
    ///   - apology: What the user gets where a handler failed or took too long.
    ///   - collectWords: The texts that ask for what is owed.
    ///   - showsTyping: Whether 「正在输入」 is shown meanwhile.
    public init(
        mode: Mode = .collect, notice: String = Self.defaultNotice, continuation: String = Self.defaultContinuation,
        apology: String? = nil, collectWords: [String] = Self.defaultCollectWords, showsTyping: Bool = false
    ) {
        self.mode = mode
        self.notice = notice
        self.continuation = continuation
        self.apology = apology
        self.collectWords = collectWords
        self.showsTyping = showsTyping
    }

    /// The notice where none is set.
    public static let defaultNotice = "正在思考中，稍后回复「1」获取答案"
    /// The continuation where none is set.
    public static let defaultContinuation = "（未完，回复「1」继续）"
    /// The texts that ask for what is owed where none are set.
    public static let defaultCollectWords = ["1", "继续"]

    /// The reply to a message whose handler failed or took too long.
    public var apologyReply: Reply { apology.map { .text($0) } ?? Reply.none }

    /// Whether a text asks for what is owed.
    func asks(_ text: String) -> Bool {
        // Longer texts are none of the words, and folding costs.
        guard text.utf8.count <= 128 else { return false }
        let text = folded(text)
        return collectWords.contains { folded($0).utf8.elementsEqual(text.utf8) }
    }
}
