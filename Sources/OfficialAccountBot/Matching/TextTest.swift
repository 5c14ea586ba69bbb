/// What a matcher asks of a text, with its words folded.
enum TextTest: Sendable {
    case starts([[UInt8]])
    case contains([SearchedWord])
    case matches(Pattern)
}
