/// The copying behind ``XMLCleaner``.
///
/// It has to know where CDATA sections are. Outside of them `&#0;` stands for a forbidden character; inside, leaving a
/// control character out must not join `]]` and `>` to an end that the body does not have: what a user wrote would
/// become markup.
struct XMLCleaningCopy {
    private(set) var output: [UInt8] = []

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var section = Section.markup

    private enum Section {
        case markup, cdata, comment, instruction
    }

    private static let openings: [(StaticString, Section)] = [
        ("<![CDATA[", .cdata), ("<!--", .comment), ("<?", .instruction),
    ]

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count + bytes.count / 8)
    }

    mutating func run() {
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x80 {
                copyCharacter()
            } else if byte < 0x20, !byte.isXMLSpace {
                // In comments and instructions nobody reads what is left out, and a space cannot end one early.
                if section == .comment || section == .instruction { output.append(0x20) }
                index += 1
            } else if !copySpecial(byte) {
                output.append(byte)
                index += 1
            }
        }
    }

    /// Copies a character of more than one byte, or U+FFFD in place of bytes that are none.
    private mutating func copyCharacter() {
        switch UTF8Character(in: bytes, at: index) {
        case .character(let length):
            output.append(contentsOf: bytes[index..<index + length])
            index += length
        case .forbidden(let length):
            append("\u{FFFD}")
            index += length
        }
    }

    /// Copies what begins or ends a section, or has to be written otherwise; `false` where the byte is nothing special.
    private mutating func copySpecial(_ byte: UInt8) -> Bool {
        switch (section, byte) {
        case (.markup, UInt8(ascii: "<")):
            return Self.openings.contains { copy($0, entering: $1) }
        case (.markup, UInt8(ascii: "&")):
            return copyReference()
        case (.markup, UInt8(ascii: ">")):
            // `]]>` is an error in text; where it came about by leaving something out, the `>` is escaped.
            guard output.suffix(2).elementsEqual("]]".utf8), bytes[index - 1] != UInt8(ascii: "]") else { return false }
            append("&gt;")
            index += 1
            return true
        case (.cdata, UInt8(ascii: "]")):
            return copy("]]>", entering: .markup)
        case (.cdata, UInt8(ascii: ">")):
            guard output.suffix(2).elementsEqual("]]".utf8) else { return false }
            append("]]><![CDATA[>")
            index += 1
            return true
        case (.comment, UInt8(ascii: "-")):
            return copy("-->", entering: .markup)
        case (.instruction, UInt8(ascii: "?")):
            return copy("?>", entering: .markup)
        default:
            return false
        }
    }

    /// Copies a delimiter if it stands here.
    private mutating func copy(_ delimiter: StaticString, entering next: Section) -> Bool {
        let stands = delimiter.withUTF8Buffer { bytes[index...].starts(with: $0) }
        guard stands else { return false }
        append(delimiter)
        index += delimiter.utf8CodeUnitCount
        section = next
        return true
    }

    /// Leaves out a numeric reference to a control character and replaces one to another forbidden character. All
    /// others are the parser's, wrong ones included.
    private mutating func copyReference() -> Bool {
        let isHexadecimal = bytes[index...].starts(with: "&#x".utf8)
        guard isHexadecimal || bytes[index...].starts(with: "&#".utf8) else { return false }
        let digitsStart = index + (isHexadecimal ? 3 : 2)
        var end = digitsStart
        var scalar: UInt32 = 0
        while end < bytes.count, let digit = Self.digit(bytes[end], isHexadecimal: isHexadecimal) {
            // Beyond the last character it does not matter any more which number it is.
            scalar = min(scalar * (isHexadecimal ? 16 : 10) + digit, 0x11_0000)
            end += 1
        }
        guard end > digitsStart, end < bytes.count, bytes[end] == UInt8(ascii: ";"), !XMLCleaner.allows(scalar)
        else { return false }
        if scalar >= 0x20 { append("\u{FFFD}") }
        index = end + 1
        return true
    }

    private static func digit(_ byte: UInt8, isHexadecimal: Bool) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f") where isHexadecimal: UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F") where isHexadecimal: UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { output.append(contentsOf: $0) }
    }
}
