/// A value that is sent to a chat endpoint beside the question, such as a temperature.
public enum ChatParameter: Sendable, Hashable {
    /// A text.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// Any other number; it must be finite.
    case number(Double)
    /// Yes or no.
    case boolean(Bool)
}

extension ChatParameter: Encodable {
    /// Writes the value by itself.
    /// - Parameter encoder: Where to.
    /// - Throws: `EncodingError`, as the encoder throws it: that of JSON for a number that is not finite.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .boolean(let value): try container.encode(value)
        }
    }
}
