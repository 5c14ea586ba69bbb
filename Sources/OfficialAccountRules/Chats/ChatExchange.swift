internal import NIOCore
internal import Synchronization

/// One question, and the answer to it or why there is none.
struct ChatExchange: Sendable {
    /// What a model said.
    struct Words: Equatable {
        var text: String
        /// Why it is not all that the model had to say; `nil` where it is.
        var cut: String?
    }

    /// How many bytes of an error are read.
    static let largestError = 64 << 10

    let settings: ChatSettings
    let transport: any ChatTransport
    let request: ChatRequest

    /// Asks, and asks once more where that may help and there is time.
    /// - Parameter deadline: Until when; what has come by then is the answer.
    /// - Throws: ``ChatError``, or `CancellationError`.
    func words(until deadline: ContinuousClock.Instant) async throws -> Words {
        do { return try await attempt(until: deadline) } catch let failure as ChatFailure {
            guard let pause = pause(after: failure), pause < (deadline - .now) / 2 else { throw failure.error }
            try await Task.sleep(for: pause)
        }
        do { return try await attempt(until: deadline) } catch let failure as ChatFailure { throw failure.error }
    }

    private func pause(after failure: ChatFailure) -> Duration? {
        guard case .after(let least) = failure.repetition else { return nil }
        // Spread out: all who were refused at once would come back at once.
        return (least ?? .milliseconds(300)) + .milliseconds(Int.random(in: 0...600))
    }

    private func attempt(until deadline: ContinuousClock.Instant) async throws -> Words {
        let patience = Patience(settings.timeouts, until: deadline)
        let work = Task { await read(patience) }
        let watch = Task { () -> Patience.Limit? in
            guard let limit = await patience.end() else { return nil }
            work.cancel()
            return limit
        }
        let reading = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        watch.cancel()
        let limit = await watch.value
        try Task.checkCancellation()
        return try words(of: reading, limit)
    }

    // MARK: What was read

    private struct Reading: Sendable {
        var answer: ChatAnswer
        /// Why there is no more of it.
        var failure: ChatFailure?
    }

    private func words(of reading: Reading, _ limit: Patience.Limit?) throws(ChatFailure) -> Words {
        let answer = reading.answer
        let text = Self.trimmed(answer.words)
        switch answer.end {
        case .complete:
            guard text.isEmpty else { return Words(text: text) }
            throw ChatFailure(
                error: ChatError(.empty, "\(settings.endpoint) answered without words; is this model for chats?"))
        case .filtered:
            throw ChatFailure(error: ChatError(.filtered, "\(settings.endpoint) held the answer back for its content"))
        case .tooLong where text.isEmpty:
            throw ChatFailure(
                error: ChatError(.empty, "\(settings.endpoint) used up its max_tokens before the first word; raise it"))
        case .tooLong: return Words(text: text.endedAtSentence(), cut: "it reached max_tokens or answer_limit")
        case nil:
            let failure = reading.failure ?? limit.map(failure) ?? .unreadable(settings.endpoint, "broke off")
            guard !text.isEmpty else { throw failure }
            return Words(text: text.endedAtSentence(), cut: failure.error.description)
        }
    }

    private func failure(_ limit: Patience.Limit) -> ChatFailure {
        let what =
            switch limit {
            case .firstByte: "did not begin to answer within \(settings.timeouts.firstByte) s"
            case .silence: "fell silent for \(settings.timeouts.silence) s"
            case .whole: "had no whole answer within \(settings.timeouts.whole) s"
            }
        return ChatFailure(
            error: ChatError(.late, "\(settings.endpoint) \(what); try a faster model, or a lower max_tokens"))
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.unicodeScalars.drop { $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(start.reversed().drop { $0.properties.isWhitespace }.reversed()))
    }

    // MARK: Reading

    /// Reads an answer for as long as nobody cancels it.
    private func read(_ patience: Patience) async -> Reading {
        var reading = Reading(answer: ChatAnswer(limit: settings.answerLimit))
        do {
            let response = try await transport.post(
                to: settings.endpoint, headers: headers, body: request.body, within: patience.remaining)
            patience.renew()
            guard response.status == 200 else {
                reading.failure = refusal(response, nil)
                if let refusal = try await refusal(response.body, patience) {
                    reading.failure = self.refusal(response, refusal)
                }
                return reading
            }
            try await read(response.body, patience, into: &reading.answer)
        } catch let failure as ChatFailure {
            reading.failure = reading.failure ?? failure
        } catch let problem as ChatReader.Problem {
            switch problem {
            case .unreadable(let what): reading.failure = .unreadable(settings.endpoint, what)
            case .refused(let refusal):
                reading.failure = .refused(settings.endpoint, status: nil, refusal, to: request)
            }
        } catch is CancellationError {
            // Who cancelled it says why.
        } catch {
            reading.failure =
                reading.failure ?? .unreachable(settings.endpoint, "\(type(of: error))", .pointless)
        }
        return reading
    }

    private func read(
        _ body: any ChatResponseBody, _ patience: Patience, into answer: inout ChatAnswer
    ) async throws {
        var reader = ChatReader()
        while let piece = try await body.next() {
            // A body that has more at once need not look.
            try Task.checkCancellation()
            patience.renew()
            if try !reader.read(piece.readableBytesView, into: &answer) {
                if answer.end == .complete { Self.drain(body) }
                return
            }
        }
        // A cancelled reading ends like the body.
        try Task.checkCancellation()
        try reader.finish(into: &answer)
    }

    /// Reads the few bytes behind an answer, so that its connection can be used again; nobody waits for that.
    private static func drain(_ body: any ChatResponseBody) {
        let work = Task {
            var left = largestError
            while left > 0, let piece = try await body.next() { left -= piece.readableBytes }
        }
        Task {
            try? await Task.sleep(for: .seconds(1))
            work.cancel()
        }
    }

    private func refusal(_ body: any ChatResponseBody, _ patience: Patience) async throws -> ChatRefusal? {
        var bytes: [UInt8] = []
        while bytes.count < Self.largestError, let piece = try await body.next() {
            patience.renew()
            bytes.append(contentsOf: piece.readableBytesView)
        }
        return ChatRefusal(bytes)
    }

    private func refusal(_ response: ChatResponse, _ refusal: ChatRefusal?) -> ChatFailure {
        let seconds = response.retryAfter.flatMap { Int($0) }.flatMap { (0...86_400).contains($0) ? $0 : nil }
        return .refused(
            settings.endpoint, status: response.status, refusal,
            retryAfter: seconds.map { Duration.seconds($0) }, to: request)
    }

    private var headers: [(name: String, value: String)] {
        var headers = [
            (name: "Content-Type", value: "application/json"), (name: "Accept", value: "text/event-stream"),
            (name: "User-Agent", value: "wechat-fcgi"),
        ]
        if let key = settings.key { headers.append((name: "Authorization", value: "Bearer \(key.rawValue)")) }
        return headers
    }
}

/// Until when an answer is waited for: sooner where nothing comes.
private final class Patience: Sendable {
    enum Limit: Sendable { case firstByte, silence, whole }

    private let start = ContinuousClock.now
    private let deadline: ContinuousClock.Instant
    private let silence: Duration
    /// In nanoseconds since the start.
    private let due: Atomic<Int64>
    private let hasBegun = Atomic<Bool>(false)

    init(_ timeouts: ChatTimeouts, until deadline: ContinuousClock.Instant) {
        self.deadline = deadline
        silence = .seconds(timeouts.silence)
        due = Atomic(Self.nanoseconds(.seconds(timeouts.firstByte)))
    }

    /// How long is left, as things are.
    var remaining: Duration { min(start + .nanoseconds(due.load(ordering: .relaxed)), deadline) - .now }

    /// Something has come.
    func renew() {
        hasBegun.store(true, ordering: .relaxed)
        due.store(Self.nanoseconds(.now - start + silence), ordering: .relaxed)
    }

    /// Waits until it is over.
    /// - Returns: What it ended by; `nil` where the task was cancelled.
    func end() async -> Limit? {
        while true {
            let left = remaining
            if left <= .zero {
                if deadline <= .now { return .whole }
                return hasBegun.load(ordering: .relaxed) ? .silence : .firstByte
            }
            // Not until the first byte's time is over: what comes may make the time shorter.
            guard (try? await Task.sleep(for: min(left, silence))) != nil else { return nil }
        }
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 { Int64(duration / .nanoseconds(1)) }
}
