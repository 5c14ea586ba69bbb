/// What is not as it should be in an answer that the platform takes all the same.
public enum AnswerWarning: Sendable, Hashable {
    /// A news reply has more articles than are shown.
    case articlesCut(from: Int, to: Int)
    /// `ArticleCount` is not the number of articles.
    case articleCount(declared: Int, found: Int)
    /// Content-Type is not one of XML; `nil` where there is none. The platform looks at the body only *(observed)*.
    case contentType(String?)
    /// A text holds a backslash and an `n`, which the user sees as such: a new line is the character itself.
    case literalNewline
    /// `CreateTime` is more than a day off the clock.
    case createTimeOff
}

extension AnswerWarning: CustomStringConvertible {
    /// What is not as it should be; nothing of what the answer says.
    public var description: String {
        switch self {
        case .articlesCut(let found, let shown): "\(shown) of \(found) articles are shown"
        case .articleCount(let declared, let found): "ArticleCount is \(declared), and there are \(found) articles"
        case .contentType(let type):
            type.map { "Content-Type is \($0), and should be text/xml" }
                ?? "there is no Content-Type; it should be text/xml"
        case .literalNewline: "the text holds a backslash and an n where a new line may have been meant"
        case .createTimeOff: "CreateTime is more than a day off the clock"
        }
    }
}
