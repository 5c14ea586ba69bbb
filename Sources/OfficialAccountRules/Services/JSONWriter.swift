/// Writes JSON (RFC 8259) into one buffer, members in the order in which they are given.
struct JSONWriter {
    private(set) var output: [UInt8] = []
    private var needsComma = false

    init(capacity: Int) { output.reserveCapacity(capacity) }

    mutating func object(_ members: (inout JSONWriter) -> Void) { enclosed("{", "}", members) }

    mutating func array(_ elements: (inout JSONWriter) -> Void) { enclosed("[", "]", elements) }

    /// Writes a member of an object.
    mutating func member(_ name: String, _ value: (inout JSONWriter) -> Void) {
        string(name)
        output.append(UInt8(ascii: ":"))
        needsComma = false
        value(&self)
    }

    mutating func member(_ name: String, _ value: String) { member(name) { $0.string(value) } }

    mutating func number(_ value: some FixedWidthInteger) { plain(String(value)) }

    mutating func null() { plain("null") }

    mutating func string(_ text: String) {
        comma()
        output.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { escape($0) }
        output.append(UInt8(ascii: "\""))
        needsComma = true
    }

    private mutating func enclosed(
        _ opening: StaticString, _ closing: StaticString, _ content: (inout JSONWriter) -> Void
    ) {
        comma()
        opening.withUTF8Buffer { output.append(contentsOf: $0) }
        needsComma = false
        content(&self)
        closing.withUTF8Buffer { output.append(contentsOf: $0) }
        needsComma = true
    }

    private mutating func plain(_ text: String) {
        comma()
        output.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func comma() { if needsComma { output.append(UInt8(ascii: ",")) } }

    /// Escapes what has to be, and U+2028 and U+2029, which end a line in a program of old that takes JSON for JavaScript.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0x0A: output += Array(#"\n"#.utf8)
            case 0x00..<0x20, 0x7F: unicode(UInt16(byte))
            case 0xE2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] | 1 == 0xA9:
                unicode(text[index + 2] == 0xA8 ? 0x2028 : 0x2029)
                index += 2
            default: output.append(byte)
            }
            index += 1
        }
    }

    private mutating func unicode(_ value: UInt16) {
        let digits = Array("0123456789abcdef".utf8)
        output += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
        for shift in [12, 8, 4, 0] { output.append(digits[Int(value >> UInt16(shift)) & 0xF]) }
    }
}
