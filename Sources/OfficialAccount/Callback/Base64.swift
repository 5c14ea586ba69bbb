/// Base64 as RFC 4648, section 4, has it, with white space allowed between characters.
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let padding = UInt8(ascii: "=")

    /// The bytes that a text stands for, or `nil` where it is not base64. Bits of the last character that belong to no
    /// byte are ignored, as the platform does.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var quantum: UInt32 = 0
        var digits = 0
        var paddings = 0
        var isBase64 = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { bytes, count in
            for character in text {
                if let value = value(of: character), paddings == 0 {
                    quantum = quantum << 6 | value
                    digits += 1
                    guard digits % 4 == 0 else { continue }
                    bytes[count] = UInt8(truncatingIfNeeded: quantum >> 16)
                    bytes[count + 1] = UInt8(truncatingIfNeeded: quantum >> 8)
                    bytes[count + 2] = UInt8(truncatingIfNeeded: quantum)
                    count += 3
                } else if character == padding {
                    paddings += 1
                } else if !character.isXMLSpace {
                    isBase64 = false
                    return
                }
            }
            // What is left over stands for one or two bytes.
            switch (digits % 4, paddings) {
            case (0, 0): break
            case (2, 2):
                bytes[count] = UInt8(truncatingIfNeeded: quantum >> 4)
                count += 1
            case (3, 1):
                bytes[count] = UInt8(truncatingIfNeeded: quantum >> 10)
                bytes[count + 1] = UInt8(truncatingIfNeeded: quantum >> 2)
                count += 2
            default: isBase64 = false
            }
        }
        return isBase64 ? bytes : nil
    }

    /// The text that stands for some bytes.
    static func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let length = (bytes.count + 2) / 3 * 4
        return [UInt8](unsafeUninitializedCapacity: length) { text, count in
            var index = 0
            while index < bytes.count {
                let left = bytes.count - index
                let quantum =
                    UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                    | (left > 2 ? UInt32(bytes[index + 2]) : 0)
                text[count] = character(quantum >> 18)
                text[count + 1] = character(quantum >> 12)
                text[count + 2] = left > 1 ? character(quantum >> 6) : padding
                text[count + 3] = left > 2 ? character(quantum) : padding
                index += 3
                count += 4
            }
        }
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static func character(_ bits: UInt32) -> UInt8 {
        alphabet.withUTF8Buffer { $0[Int(bits & 0x3F)] }
    }
}
