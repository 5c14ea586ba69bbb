/// How much is remembered of a user's questions and their answers, and for how long.
public struct ChatBounds: Sendable, Hashable {
    /// How many messages of both sides are remembered; 10 are five questions with their answers, 0 is nothing.
    public let messages: Int
    /// How many characters (Unicode scalars) they have together at the most.
    public let characters: Int
    /// For how many seconds after it was asked a question is remembered.
    public let age: Double

    /// Ten messages, 8,000 characters, one hour.
    public static let standard = ChatBounds(uncheckedMessages: 10, characters: 8000, age: 3600)
    /// Each question by itself.
    public static let none = ChatBounds(uncheckedMessages: 0, characters: 8000, age: 3600)

    /// Sets bounds.
    /// - Parameters:
    ///   - messages: How many messages, 0 to 200.
    ///   - characters: How many characters, 100 to 64,000.
    ///   - age: For how many seconds, from 1 to a year.
    /// - Throws: ``ChatSettingsError`` with the setting that is not accepted, and what would be.
    public init(messages: Int = 10, characters: Int = 8000, age: Double = 3600) throws(ChatSettingsError) {
        guard (0...200).contains(messages) else { throw ChatSettingsError("history", "is 0 to 200 messages") }
        guard (100...64_000).contains(characters) else {
            throw ChatSettingsError("history_characters", "is 100 to 64000")
        }
        guard age >= 1, age <= 31_536_000 else { throw ChatSettingsError("history_age", "is a second to a year") }
        self.init(uncheckedMessages: messages, characters: characters, age: age)
    }

    private init(uncheckedMessages messages: Int, characters: Int, age: Double) {
        self.messages = messages
        self.characters = characters
        self.age = age
    }

    /// How many questions with their answers are remembered.
    var turns: Int { (messages + 1) / 2 }
}

/// How often a user may ask a chat.
public struct ChatRate: Sendable, Hashable {
    /// How many questions may be asked in a period.
    public let questions: Int
    /// The period, in seconds from its first question.
    public let period: Double

    /// Twenty questions in ten minutes.
    public static let standard = ChatRate(unchecked: 20, per: 600)

    /// Sets a rate.
    /// - Parameters:
    ///   - questions: How many questions, 1 to 1,000,000.
    ///   - period: In how many seconds, 1 to a year.
    /// - Throws: ``ChatSettingsError`` with what is accepted.
    public init(questions: Int, period: Double) throws(ChatSettingsError) {
        guard (1...1_000_000).contains(questions), period >= 1, period <= 31_536_000 else {
            throw ChatSettingsError("rate", "is 1 to 1000000 questions in a second to a year, such as 20/10m")
        }
        self.init(unchecked: questions, per: period)
    }

    private init(unchecked questions: Int, per period: Double) {
        self.questions = questions
        self.period = period
    }
}

/// How long an answer of a chat may take, in seconds.
public struct ChatTimeouts: Sendable, Hashable {
    /// Until the endpoint begins to answer.
    public let firstByte: Double
    /// Between two pieces of the answer.
    public let silence: Double
    /// In all. What has come by then is the answer.
    public let whole: Double

    /// 30 seconds, 20 seconds, and 55 seconds in all: less than the 60 after which a handler is given up.
    public static let standard = ChatTimeouts(unchecked: 30, 20, 55)

    /// Sets limits.
    /// - Parameters:
    ///   - firstByte: Until the endpoint begins to answer.
    ///   - silence: Between two pieces of the answer.
    ///   - whole: In all; set it some seconds lower than what a handler may take.
    /// - Throws: ``ChatSettingsError`` where one is not above 0 or over an hour.
    public init(firstByte: Double = 30, silence: Double = 20, whole: Double = 55) throws(ChatSettingsError) {
        guard [firstByte, silence, whole].allSatisfy({ $0 > 0 && $0 <= 3600 }) else {
            throw ChatSettingsError("timeout", "is above 0 and at most an hour")
        }
        self.init(unchecked: firstByte, silence, whole)
    }

    private init(unchecked firstByte: Double, _ silence: Double, _ whole: Double) {
        self.firstByte = firstByte
        self.silence = silence
        self.whole = whole
    }
}
