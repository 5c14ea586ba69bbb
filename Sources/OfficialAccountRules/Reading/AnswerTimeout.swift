internal import OfficialAccountBot
package import Yams

/// How long the answer of a rule may take according to a file.
package struct AnswerTimeout: Sendable {
    /// The time in seconds.
    package var seconds: Double
    /// Its place.
    package var mark: Mark?

    /// What is wrong with it where a handler may take less time, or `nil`.
    /// - Parameter limit: The setting `handler_timeout`, in seconds.
    package func mistake(above limit: Double) -> Mistake? {
        guard seconds > limit else { return nil }
        let limit = SettingSyntax.text(seconds: limit)
        return Mistake(
            severity: .warning, line: mark?.line ?? 0, column: mark?.column ?? 0,
            text: "timeout: the answer is cut off after \(limit), which is handler_timeout: shorten it, or set "
                + "server.handler_timeout to \(SettingSyntax.text(seconds: seconds)) or more")
    }
}

extension YAMLReader {
    /// The `timeout` of a rule's answer, in seconds, which is kept to be compared with the server's own.
    mutating func answerTimeout(_ node: Node?, in range: ClosedRange<Double>) -> Double? {
        guard let seconds = seconds(node, key: "timeout", in: range) else { return nil }
        answerTimeouts.append(AnswerTimeout(seconds: seconds, mark: node?.mark))
        return seconds
    }
}
