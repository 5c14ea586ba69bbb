/// How a chat is set up: which endpoint answers, and within which bounds.
public struct ChatSettings: Sendable {
    /// What the chat is called in the configuration, in logs and in the store: 1 to 64 bytes without control characters.
    public let name: String
    /// The whole address that questions are sent to; see ``ChatEndpoint``.
    public let endpoint: ChatEndpoint
    /// The model, by the name that the provider gave it.
    public let model: String
    /// The key that the provider issued; `nil` where the endpoint asks for none.
    public let key: ChatKey?
    /// What the model is told before all questions, as it is.
    public let system: String?
    /// What is sent along beside model, messages and stream: `max_tokens`, `temperature` and the like.
    public let parameters: [String: ChatParameter]
    /// What is remembered of a user's questions and their answers.
    public let history: ChatBounds
    /// How often a user may ask; `nil` for as often as they like.
    public let rate: ChatRate?
    /// What is answered to who asks more often.
    public let rateNotice: String
    /// The texts with which a user starts afresh, whatever their case, their width and the space around them.
    public let resetWords: [String]
    /// What is answered to them.
    public let resetReply: String
    /// How many bytes of UTF-8 an answer may have; it ends at its last sentence before.
    public let answerLimit: Int
    /// How long an answer may take.
    public let timeouts: ChatTimeouts
    /// Whether the marks of Markdown are taken out of answers, which the platform would show as they are.
    public let isPlain: Bool

    /// What starts a chat afresh where nothing else is said.
    public static let defaultResetWords = ["新对话", "重新开始"]
    /// What is answered to that where nothing else is said.
    public static let defaultResetReply = "好的，我们重新开始。"
    /// What is answered to who asks too often where nothing else is said.
    public static let defaultRateNotice = "您的提问太频繁了，请稍后再试。"

    /// The names that the request has already.
    static let reservedParameters: Set<String> = ["model", "messages", "stream", "n"]

    /// Sets up a chat.
    /// - Parameters:
    ///   - name: What the chat is called.
    ///   - endpoint: Where questions are sent to.
    ///   - model: The model; 1 to 256 bytes without control characters.
    ///   - key: The key that the provider issued.
    ///   - system: What the model is told before all questions; at most 32 KiB.
    ///   - parameters: What is sent along: at most 32 values, their names of letters, digits and `_`.
    ///   - history: What is remembered of a user.
    ///   - rate: How often a user may ask.
    ///   - rateNotice: What is answered to who asks more often.
    ///   - resetWords: The texts with which a user starts afresh; at most 64.
    ///   - resetReply: What is answered to them.
    ///   - answerLimit: How many bytes an answer may have, 256 bytes to 64 KiB.
    ///   - timeouts: How long an answer may take.
    ///   - isPlain: Whether the marks of Markdown are taken out of answers.
    /// - Throws: ``ChatSettingsError`` with the setting that is not accepted, and what would be.
    public init(
        name: String, endpoint: ChatEndpoint, model: String, key: ChatKey? = nil, system: String? = nil,
        parameters: [String: ChatParameter] = [:], history: ChatBounds = .standard, rate: ChatRate? = .standard,
        rateNotice: String = Self.defaultRateNotice, resetWords: [String] = Self.defaultResetWords,
        resetReply: String = Self.defaultResetReply, answerLimit: Int = 16 << 10,
        timeouts: ChatTimeouts = .standard, isPlain: Bool = true
    ) throws(ChatSettingsError) {
        try Self.check(name, "name", most: 64)
        try Self.check(model, "model", most: 256)
        guard (system?.utf8.count ?? 0) <= 32 << 10 else { throw ChatSettingsError("system", "takes at most 32 KiB") }
        try Self.check(parameters)
        guard resetWords.count <= 64, resetWords.allSatisfy({ (1...256).contains($0.utf8.count) }) else {
            throw ChatSettingsError("reset_words", "are at most 64 texts of 1 to 256 bytes each")
        }
        for (text, setting) in [(rateNotice, "rate_notice"), (resetReply, "reset_reply")]
        where !(1...2048).contains(text.utf8.count) {
            throw ChatSettingsError(setting, "has 1 to 2048 bytes")
        }
        guard (256...64 << 10).contains(answerLimit) else {
            throw ChatSettingsError("answer_limit", "is 256 bytes to 64 KiB")
        }
        self.name = name
        self.endpoint = endpoint
        self.model = model
        self.key = key
        self.system = system?.isEmpty == true ? nil : system
        self.parameters = parameters
        self.history = history
        self.rate = rate
        self.rateNotice = rateNotice
        self.resetWords = resetWords
        self.resetReply = resetReply
        self.answerLimit = answerLimit
        self.timeouts = timeouts
        self.isPlain = isPlain
    }

    /// Whether whoever sees the network's traffic can read the key: it is sent by `http:` to another machine.
    public var sendsKeyUnencrypted: Bool { key != nil && !endpoint.isProtected }

    private static func check(_ text: String, _ setting: String, most: Int) throws(ChatSettingsError) {
        guard (1...most).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "\u{7F}" })
        else { throw ChatSettingsError(setting, "has 1 to \(most) bytes, without control characters") }
    }

    private static func check(_ parameters: [String: ChatParameter]) throws(ChatSettingsError) {
        guard parameters.count <= 32 else { throw ChatSettingsError("parameters", "are at most 32") }
        for (name, value) in parameters {
            guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(isLetterOrDigit) else {
                throw ChatSettingsError("parameters", "have names of 1 to 64 letters, digits and _")
            }
            guard !reservedParameters.contains(name) else {
                throw ChatSettingsError("parameters", "may not have \(name), which the request has already")
            }
            switch value {
            case .number(let number) where !number.isFinite:
                throw ChatSettingsError("parameters", "may not have \(name) without a finite number")
            case .text(let text) where text.utf8.count > 1024:
                throw ChatSettingsError("parameters", "may have texts of at most 1024 bytes; \(name) is longer")
            default: break
            }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension ChatSettings: CustomStringConvertible, CustomReflectable {
    /// The chat's name and its host.
    public var description: String { "ChatSettings(\(name), \(endpoint))" }
    /// A mirror without children: the system prompt is the owner's alone.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A setting of a chat that is not accepted.
public struct ChatSettingsError: Error, Hashable, CustomStringConvertible {
    /// The setting, by its name in the configuration.
    public let setting: String
    /// What is accepted; never repeats the value.
    public let text: String

    /// Creates an error.
    /// - Parameters:
    ///   - setting: The setting, by its name in the configuration.
    ///   - text: What is accepted, to follow the name in a sentence; without the value.
    public init(_ setting: String, _ text: String) {
        self.setting = setting
        self.text = text
    }

    /// The setting and what it accepts, in one sentence.
    public var description: String { "\(setting) \(text)" }
}
