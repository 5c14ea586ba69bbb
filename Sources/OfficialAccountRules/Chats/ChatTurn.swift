internal import OfficialAccountBot

/// A question and its answer.
struct ChatTurn: Equatable, Sendable {
    /// When it was asked, in milliseconds since 1970.
    var time: Int64
    /// The number of the message that asked it; 0 where it has none.
    var message: UInt64
    var question: String
    /// The answer as the model gave it.
    var answer: String

    /// How many characters it is counted with.
    var characters: Int { question.unicodeScalars.count + answer.unicodeScalars.count }

    /// The turn with no more than so many characters; the ends are lost.
    func limited(to most: Int) -> ChatTurn {
        guard characters > most else { return self }
        var turn = self
        turn.question = question.prefix(scalars: most / 2)
        turn.answer = answer.prefix(scalars: most - turn.question.unicodeScalars.count)
        return turn
    }
}

/// What is kept of a user of a chat.
struct ChatRecord: Equatable, Sendable {
    /// A number that is drawn when the record begins, or begins afresh: an answer is added only to what it was asked in.
    var epoch: UInt64
    /// When the period began in which the questions are counted, in milliseconds since 1970.
    var periodStart: Int64 = 0
    /// How many questions there were in it.
    var asked: UInt64 = 0
    /// The questions and answers that are remembered, the oldest first.
    var turns: [ChatTurn] = []

    init(epoch: UInt64 = .random(in: 1 ... .max)) { self.epoch = epoch }

    /// Counts a question.
    /// - Returns: Whether it may be asked.
    mutating func admit(_ rate: ChatRate?, now: Int64) -> Bool {
        guard let rate else { return true }
        // A clock that was set back begins a period, too.
        if asked == 0 || now < periodStart || Double(now) - Double(periodStart) >= rate.period * 1000 {
            (periodStart, asked) = (now, 0)
        }
        guard asked < UInt64(rate.questions) else { return false }
        asked += 1
        return true
    }

    /// Adds a question with its answer in the order of asking, and lets go of what is too much or too old.
    mutating func add(_ turn: ChatTurn, within bounds: ChatBounds, now: Int64) {
        forget(message: turn.message)
        let turn = turn.limited(to: bounds.characters)
        turns.insert(turn, at: (turns.lastIndex { $0.time <= turn.time } ?? -1) + 1)
        trim(to: bounds, now: now)
    }

    /// Lets go of what is too much or too old.
    mutating func trim(to bounds: ChatBounds, now: Int64) {
        turns.removeAll { Double(now) - Double($0.time) > bounds.age * 1000 }
        if turns.count > bounds.turns { turns.removeFirst(turns.count - bounds.turns) }
        var characters = turns.reduce(0) { $0 + $1.characters }
        while characters > bounds.characters, !turns.isEmpty { characters -= turns.removeFirst().characters }
    }

    /// Lets go of what a message asked, which is asked once more.
    mutating func forget(message: UInt64) {
        if message != 0 { turns.removeAll { $0.message == message } }
    }
}

/// How a record is kept in a store.
extension ChatRecord {
    /// Changes with the form of what is written.
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.byte(Self.version)
        writer.number(epoch)
        writer.number(periodStart)
        writer.number(asked)
        writer.number(turns.count)
        for turn in turns {
            writer.number(turn.time)
            writer.number(turn.message)
            writer.text(turn.question)
            writer.text(turn.answer)
        }
        return writer.bytes
    }

    /// Reads a record; `nil` where it is none that this version can read.
    init?(_ bytes: [UInt8]) {
        do throws(ByteReader.Unreadable) {
            var reader = ByteReader(bytes)
            guard try reader.byte() == Self.version else { return nil }
            epoch = try reader.number()
            periodStart = try reader.number()
            asked = try reader.number()
            let count: Int = try reader.number()
            turns = []
            guard count >= 0, count <= bytes.count else { return nil }
            for _ in 0..<count {
                turns.append(
                    ChatTurn(
                        time: try reader.number(), message: try reader.number(), question: try reader.text(),
                        answer: try reader.text()))
            }
        } catch {
            return nil
        }
    }
}

extension String {
    /// The first so many scalars.
    func prefix(scalars count: Int) -> String { String(String.UnicodeScalarView(unicodeScalars.prefix(count))) }
}
