import OfficialAccount

/// What several suites need.
enum Samples {
    /// A message with the elements that all have and some of its own.
    static func xml(type: String, _ elements: String = "", messageID: String? = "6272960105994287618") -> String {
        """
        <xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>
        <FromUserName><![CDATA[oUser_0123456789abcdefghijkl]]></FromUserName>
        <CreateTime>1460537339</CreateTime>
        <MsgType><![CDATA[\(type)]]></MsgType>
        \(elements)
        \(messageID.map { "<MsgId>\($0)</MsgId>" } ?? "")
        </xml>
        """
    }

    static func message(type: String, _ elements: String = "") throws -> Message {
        try Message(parsing: bytes(xml(type: type, elements)))
    }

    static func event(_ event: String, _ elements: String = "") throws -> Message {
        let elements = "<Event><![CDATA[\(event)]]></Event>" + elements
        return try Message(parsing: bytes(xml(type: "event", elements, messageID: nil)))
    }

    /// A text message whose `Content` element has these bytes in it.
    static func text(content: [UInt8]) throws -> TextMessage? {
        let parts = xml(type: "text", "<Content>|</Content>").split(separator: "|", maxSplits: 1)
        return TextMessage(try Message(parsing: bytes(String(parts[0])) + content + bytes(String(parts[1]))))
    }

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    static func slice(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }
    static func string(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Gives the bytes it was made with, then a pattern: what is random in a reply can be compared.
struct FixedGenerator: RandomNumberGenerator {
    private var numbers: [UInt64]

    init(_ bytes: [UInt8] = []) {
        numbers = stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    mutating func next() -> UInt64 { numbers.isEmpty ? 0x0123_4567_89AB_CDEF : numbers.removeFirst() }
}

/// A small generator with a seed (SplitMix64), so that what is drawn can be drawn again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
