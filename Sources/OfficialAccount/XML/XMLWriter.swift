/// Writes XML into one buffer: elements whose text stands in CDATA sections, as the platform's own examples have it.
struct XMLWriter {
    private(set) var output: [UInt8] = []
    /// How many characters were left out because XML cannot hold them.
    private(set) var dropped = 0

    init(capacity: Int) { output.reserveCapacity(capacity) }

    /// Writes what is XML already.
    mutating func markup(_ text: StaticString) {
        text.withUTF8Buffer { output.append(contentsOf: $0) }
    }

    /// Writes an element with a number.
    mutating func number(_ name: StaticString, _ value: some FixedWidthInteger) {
        opening(name)
        if value < 0 { output.append(UInt8(ascii: "-")) }
        digits(UInt64(value.magnitude))
        closing(name)
    }

    private mutating func digits(_ number: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number
            var first = 20
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            output.append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }

    /// Writes an element with text.
    mutating func element(_ name: StaticString, _ text: String) {
        var text = text
        text.withUTF8 { element(name, $0) }
    }

    /// Writes an element with text.
    mutating func element(_ name: StaticString, _ text: ArraySlice<UInt8>) {
        text.withUnsafeBufferPointer { element(name, $0) }
    }

    /// Writes an element with text where there is any text.
    mutating func element(_ name: StaticString, optional text: String?) {
        if let text { element(name, text) }
    }

    /// Writes an element whose name was read from XML, with whatever stands in it.
    mutating func element(_ name: ArraySlice<UInt8>, content: (inout XMLWriter) -> Void) {
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: name)
        output.append(UInt8(ascii: ">"))
        content(&self)
        markup("</")
        output.append(contentsOf: name)
        output.append(UInt8(ascii: ">"))
    }

    /// Writes text.
    mutating func characters(_ text: ArraySlice<UInt8>) {
        text.withUnsafeBufferPointer { characters($0) }
    }

    private mutating func element(_ name: StaticString, _ text: UnsafeBufferPointer<UInt8>) {
        opening(name)
        characters(text)
        closing(name)
    }

    private mutating func characters(_ text: UnsafeBufferPointer<UInt8>) {
        markup("<![CDATA[")
        let start = output.count
        if Self.isPlain(text) {
            output.append(contentsOf: text)
        } else {
            careful(text, from: start)
        }
        markup("]]>")
    }

    private mutating func opening(_ name: StaticString) {
        output.append(UInt8(ascii: "<"))
        markup(name)
        output.append(UInt8(ascii: ">"))
    }

    private mutating func closing(_ name: StaticString) {
        markup("</")
        markup(name)
        output.append(UInt8(ascii: ">"))
    }

    /// Whether a text can stand in a CDATA section as it is. UTF-8 of a string is always valid; U+FFFE and U+FFFF are
    /// the only characters beyond the control characters that XML cannot hold.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < text.count {
            if let eight = EightBytes(text, at: index), !eight.holdControl, !eight.hold(UInt8(ascii: ">")),
                !eight.hold(0xEF)
            {
                index += 8
                continue
            }
            let byte = text[index]
            guard byte >= 0x20 || byte.isXMLSpace, byte != UInt8(ascii: ">"), byte != 0xEF else { return false }
            index += 1
        }
        return true
    }

    /// Writes a text without what XML cannot hold, and ends the CDATA section between `]]` and `>`.
    private mutating func careful(_ text: UnsafeBufferPointer<UInt8>, from start: Int) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte < 0x20, !byte.isXMLSpace {
                dropped += 1
            } else if byte == 0xEF, index + 1 < text.count, text[index] == 0xBF, text[index + 1] >= 0xBE {
                dropped += 1
                index += 2
            } else {
                // The section may end only where this text wrote both brackets.
                if byte == UInt8(ascii: ">"), output.count >= start + 2, output.suffix(2).elementsEqual("]]".utf8) {
                    markup("]]><![CDATA[")
                }
                output.append(byte)
            }
        }
    }
}
