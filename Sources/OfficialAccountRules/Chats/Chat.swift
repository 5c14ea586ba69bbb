package import OfficialAccount
package import OfficialAccountBot
internal import Logging

/// Answers with what a language model says, at any endpoint that speaks the language of OpenAI's chat completions.
///
/// The answer is read as it is made, so that what has come counts where the rest is late or lost.
public struct Chat: Sendable {
    /// How many characters (Unicode scalars) of a question are asked.
    public static let longestQuestion = 4000

    /// How the chat is set up.
    public let settings: ChatSettings

    private let transport: any ChatTransport
    /// In milliseconds since 1970.
    private let now: @Sendable () -> Int64
    private let warnings = Warnings()
    private let resetWords: Set<String>

    /// Creates a chat.
    /// - Parameters:
    ///   - settings: How it is set up.
    ///   - connections: The way to its endpoint.
    public init(_ settings: ChatSettings, connections: ChatConnections = .shared) {
        self.init(settings, transport: connections) { StoreClock.wall() }
    }

    init(_ settings: ChatSettings, transport: any ChatTransport, now: @escaping @Sendable () -> Int64) {
        self.settings = settings
        self.transport = transport
        self.now = now
        resetWords = Set(settings.resetWords.map(folded))
    }
}

extension Chat: Answerer {
    package var answersTextsAlone: Bool { true }
    package var needsSession: Bool { false }

    /// The answer to a message with words: a text, a recording that the platform understood, a link.
    package nonisolated(nonsending) func answer(_ message: Message, _ context: Context) async throws -> Reply? {
        let deadline = ContinuousClock.now + .seconds(settings.timeouts.whole)
        guard let question = ChatQuestion(message) else { return nil }
        let user = message.fromUserName
        let history = context.sessions.map { ChatHistory(sessions: $0, settings: settings, now: now) }
        if resetWords.contains(question.word) {
            try await history?.reset(user)
            return .text(settings.resetReply)
        }
        let time = now()
        var opening: ChatHistory.Opening?
        if let history, settings.history.turns > 0 || settings.rate != nil {
            do throws(StoreError) {
                opening = try await history.begin(user, message: question.message)
                if opening == nil { return .text(settings.rateNotice) }
            } catch {
                warn(.storeFailed, "chat \(settings.name) answers without what was said before: \(error)", context)
            }
        }
        let words = try await words(question, opening?.turns ?? [], until: deadline)
        if let cut = words.cut { warn(.cut, "chat \(settings.name) broke an answer off: \(cut)", context) }
        if let history, let opening {
            let turn = ChatTurn(time: time, message: question.message, question: question.text, answer: words.text)
            do throws(StoreError) { try await history.end(turn, user, opening) } catch {
                warn(.storeFailed, "chat \(settings.name) does not remember an answer: \(error)", context)
            }
        }
        let plain = settings.isPlain ? PlainText.plain(words.text) : ""
        // What was nothing but marks stays.
        return .text(plain.isEmpty ? words.text : plain)
    }

    /// Erases what is kept of a user. An answer that is being made is not kept either.
    package nonisolated(nonsending) func forget(_ openID: String, in sessions: Sessions) async throws {
        try await ChatHistory(sessions: sessions, settings: settings, now: now).erase(openID)
    }

    nonisolated(nonsending) private func words(
        _ question: ChatQuestion, _ turns: [ChatTurn], until deadline: ContinuousClock.Instant
    ) async throws -> ChatExchange.Words {
        do {
            let request = try ChatRequest(settings, turns: turns, question: question.text)
            return try await ChatExchange(settings: settings, transport: transport, request: request)
                .words(until: deadline)
        } catch let error as ChatError {
            throw ChatError(error.reason, "chat \(settings.name): \(error.description)")
        }
    }
}

extension Chat {
    private enum Warning { case storeFailed, cut }

    private final class Warnings: Sendable {
        private let storeFailed = WarningLimit()
        private let cut = WarningLimit()

        subscript(warning: Warning) -> WarningLimit {
            switch warning {
            case .storeFailed: storeFailed
            case .cut: cut
            }
        }
    }

    /// Logs what goes wrong without a message being lost, once a minute at the most.
    private func warn(_ warning: Warning, _ text: String, _ context: Context) {
        guard let end = warnings[warning].admit(now: now()) else { return }
        context.logger.warning("\(text)\(end)")
    }
}
