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

    /// How many pieces of JSON a stream may have. Each takes some microseconds, however short it is.
    static let mostChunks = 64 << 10
    /// How many lines of an event may be pieces of JSON by themselves.
    static let mostLines = 1024

    private var format = Format.unknown
    private var count = 0
    private var chunks = 0
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
            guard let reply = try? JSONDecoder().decode(ChatChunk.self, from: Data(object)) else {
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
        if let chunk = try decode(data) {
            hasEvents = true
            try take(chunk, of: event, into: &answer)
        } else {
            try takeLines(of: event, into: &answer)
        }
        // The words are complete; what may follow are counts.
        return answer.end == nil
    }

    /// Servers forget the empty line between two events.
    private mutating func takeLines(of event: ServerSentEvents.Event, into answer: inout ChatAnswer) throws {
        let lines = event.data.split(separator: UInt8(ascii: "\n"), maxSplits: Self.mostLines)
        // What is one line was looked at already.
        guard (2...Self.mostLines).contains(lines.count) else { throw Self.notOfAChat }
        for line in lines where answer.end == nil {
            if line.elementsEqual("[DONE]".utf8) {
                answer.finish(.complete)
                return
            }
            guard let chunk = try decode(line) else { throw Self.notOfAChat }
            hasEvents = true
            try take(chunk, of: event, into: &answer)
        }
    }

    private static let notOfAChat = Problem.unreadable("has an event that is not JSON of a chat")

    private mutating func decode(_ json: some Collection<UInt8>) throws -> ChatChunk? {
        chunks += 1
        guard chunks <= Self.mostChunks else { throw Problem.unreadable("has too many events") }
        return try? JSONDecoder().decode(ChatChunk.self, from: Data(json))
    }

    private func take(
        _ chunk: ChatChunk, of event: ServerSentEvents.Event, into answer: inout ChatAnswer
    ) throws {
        try take(chunk, into: &answer)
        if chunk.choices == nil, event.name.elementsEqual("error".utf8) {
            throw Problem.refused(ChatRefusal(event.data) ?? ChatRefusal())
        }
    }

    private func take(_ chunk: ChatChunk, into answer: inout ChatAnswer) throws {
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
}
