internal import FoundationEssentials

/// Reads the body of an answer: a stream of events, or one JSON object where the endpoint does not stream.
struct ChatReader {
    /// What is not an answer.
    enum Problem: Error {
        /// It is something else, in words.
        case unreadable(String)
        /// It is an error.
        case refused(ChatRefusal)
    }

    private enum Format {
        case unknown
        case events(ServerSentEvents)
        case object([UInt8])
    }

    /// How many bytes an answer in one object may have.
    static let largestObject = 1 << 20
    /// How many bytes a stream may have: what surrounds each of its words is long.
    static let largestStream = 8 << 20
    /// How many blanks may come before anything else.
    static let mostBlanks = 64 << 10

    private var format = Format.unknown
    private var count = 0
    private var hasEvents = false

    /// Reads a piece.
    /// - Parameters:
    ///   - bytes: The piece.
    ///   - answer: What it is added to.
    /// - Returns: Whether more is wanted.
    mutating func read(_ bytes: some Collection<UInt8>, into answer: inout ChatAnswer) throws -> Bool {
        count += bytes.count
        guard count <= Self.largestStream else { throw Problem.unreadable("does not end") }
        var bytes = Array(bytes)[...]
        if case .unknown = format {
            bytes = bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
            switch bytes.first {
            case nil:
                guard count <= Self.mostBlanks else { throw Problem.unreadable("is empty") }
                return true
            case UInt8(ascii: "<"): throw Problem.unreadable("is a page for people")
            case UInt8(ascii: "{"), UInt8(ascii: "["): format = .object([])
            default: format = .events(ServerSentEvents())
            }
        }
        switch format {
        case .unknown: return true
        case .object(var object):
            guard object.count + bytes.count <= Self.largestObject else { throw Problem.unreadable("is too long") }
            // Nobody else may hold the array while it grows.
            format = .unknown
            object.append(contentsOf: bytes)
            format = .object(object)
            return true
        case .events(var events):
            format = .unknown
            defer { format = .events(events) }
            var isOver = false
            do {
                try events.read(bytes) { event in
                    isOver = try !take(event, into: &answer)
                    return !isOver
                }
            } catch is ServerSentEvents.TooLong { throw Problem.unreadable("has a line that is too long") }
            return !isOver
        }
    }

    /// Reads what is left at the end of the body.
    mutating func finish(into answer: inout ChatAnswer) throws {
        switch format {
        case .unknown: throw Problem.unreadable("is empty")
        case .events(var events):
            do { try events.finish { try take($0, into: &answer) } } catch is ServerSentEvents.TooLong {
                throw Problem.unreadable("has a line that is too long")
            }
            if !hasEvents { throw Problem.unreadable("is neither JSON nor a stream of events") }
        case .object(let object):
            guard let reply = try? JSONDecoder().decode(Chunk.self, from: Data(object)) else {
                throw Problem.unreadable("is not JSON of a chat")
            }
            try take(reply, into: &answer)
            if reply.choices?.isEmpty ?? true {
                if let refusal = ChatRefusal(object) { throw Problem.refused(refusal) }
                throw Problem.unreadable("is not JSON of a chat")
            }
            answer.finish(.complete)
        }
    }

    /// - Returns: Whether more is wanted.
    private mutating func take(_ event: ServerSentEvents.Event, into answer: inout ChatAnswer) throws -> Bool {
        let data = event.data
        if data.isEmpty { return true }
        if data.elementsEqual("[DONE]".utf8) {
            hasEvents = true
            answer.finish(.complete)
            return false
        }
        let chunks: [Chunk]
        if let chunk = try? JSONDecoder().decode(Chunk.self, from: Data(data)) {
            chunks = [chunk]
        } else {
            // Servers forget the empty line between two events.
            chunks = data.split(separator: UInt8(ascii: "\n")).compactMap {
                try? JSONDecoder().decode(Chunk.self, from: Data($0))
            }
        }
        if chunks.isEmpty { throw Problem.unreadable("has an event that is not JSON of a chat") }
        hasEvents = true
        for chunk in chunks {
            try take(chunk, into: &answer)
            if chunk.choices == nil, event.name.elementsEqual("error".utf8) {
                throw Problem.refused(ChatRefusal(data) ?? ChatRefusal())
            }
        }
        // The words are complete; what may follow are counts.
        return answer.end == nil
    }

    private func take(_ chunk: Chunk, into answer: inout ChatAnswer) throws {
        if let refusal = chunk.error { throw Problem.refused(refusal) }
        for choice in chunk.choices ?? [] where (choice.index ?? 0) == 0 {
            if let words = (choice.delta ?? choice.message)?.content?.text { answer.append(words) }
            switch choice.finish_reason {
            case nil, "": break
            case "length": answer.finish(.tooLong)
            case "content_filter": answer.finish(.filtered)
            // DeepSeek's word for having been out of order.
            case "insufficient_system_resource": throw Problem.refused(ChatRefusal())
            default: answer.finish(.complete)
            }
        }
    }

    /// A part of an answer, or a whole one. What is not named here, a model's thoughts among it, is not read.
    private struct Chunk: Decodable {
        struct Choice: Decodable {
            var index: Int?
            var delta: Message?
            var message: Message?
            var finish_reason: String?
        }

        struct Message: Decodable {
            var content: Content?
        }

        /// Words, or an array of parts with words.
        struct Content: Decodable {
            struct Part: Decodable { var text: String? }
            var text: String?

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self.text = text
                } else if let parts = try? container.decode([Part].self) {
                    text = parts.compactMap(\.text).joined()
                }
            }
        }

        var choices: [Choice]?
        var error: ChatRefusal?

        private enum CodingKeys: String, CodingKey { case choices, error }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            choices = try container.decodeIfPresent([Choice].self, forKey: .choices)
            if container.contains(.error), try !container.decodeNil(forKey: .error) {
                error = try ChatRefusal(from: decoder)
            }
        }
    }
}
