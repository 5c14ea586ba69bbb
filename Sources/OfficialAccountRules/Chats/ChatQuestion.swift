internal import OfficialAccount
internal import OfficialAccountBot

/// The words of a message.
struct ChatQuestion: Sendable {
    /// What is asked, not longer than ``Chat/longestQuestion``.
    let text: String
    /// The question as a word is compared; without the full stop that speech recognition sets.
    let word: String
    /// The number of the message; 0 where it has none.
    let message: UInt64

    /// Reads a message; `nil` where it has no words, as an image or an event.
    init?(_ message: Message) {
        let words: String?
        if let text = TextMessage(message) {
            words = text.content
        } else if let voice = VoiceMessage(message) {
            words = voice.recognition
        } else if let link = LinkMessage(message) {
            words = [link.title, link.description, link.url].compactMap { $0?.isEmpty == false ? $0 : nil }
                .joined(separator: "\n")
        } else {
            words = nil
        }
        guard let text = words?.prefix(scalars: Chat.longestQuestion),
            text.unicodeScalars.contains(where: { !$0.properties.isWhitespace })
        else { return nil }
        self.text = text
        // No word is longer, and folding costs by length.
        var word = text.utf8.count <= 1024 ? folded(text) : ""
        if message.type == .voice, let last = word.unicodeScalars.last, "。.!！".unicodeScalars.contains(last) {
            word.unicodeScalars.removeLast()
        }
        self.word = word
        self.message = message.messageID ?? 0
    }
}
