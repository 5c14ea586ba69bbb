/// Base64 as RFC 4648, section 4, has it, with white space allowed between characters.
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let padding = UInt8(ascii: "=")

    /// What each character stands for; `none` for one that is not of the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: none, count: 256)
        alphabet.withUTF8Buffer { for (value, character) in $0.enumerated() { values[Int(character)] = UInt8(value) } }
        return values
    }()
    private static let none: UInt8 = 0x80

    /// The bytes that a text stands for, or `nil` where it is not base64. Bits of the last character that belong to no
    /// byte are ignored, as the platform does.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var isBase64 = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { bytes, count in
            values.withUnsafeBufferPointer { values in
                text.withUnsafeBufferPointer { text in
                    isBase64 = decode(text, values: values, into: bytes, count: &count)
                }
            }
        }
        return isBase64 ? bytes : nil
    }

    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, values: UnsafeBufferPointer<UInt8>,
        into bytes: UnsafeMutableBufferPointer<UInt8>, count: inout Int
    ) -> Bool {
        // Four characters of the alphabet are three bytes: that is nearly all of any text.
        var index = 0
        while index + 4 <= text.count {
            let (first, second) = (values[Int(text[index])], values[Int(text[index + 1])])
            let (third, fourth) = (values[Int(text[index + 2])], values[Int(text[index + 3])])
            guard (first | second | third | fourth) & none == 0 else { break }
            bytes[count] = first << 2 | second >> 4
            bytes[count + 1] = second << 4 | third >> 2
            bytes[count + 2] = third << 6 | fourth
            index += 4
            count += 3
        }
        // From the first other character on, white space and padding may come.
        var quantum: UInt32 = 0
        var digits = 0
        var paddings = 0
        for character in text[index...] {
            let value = values[Int(character)]
            if value != none, paddings == 0 {
                quantum = quantum << 6 | UInt32(value)
                digits += 1
                guard digits % 4 == 0 else { continue }
                bytes[count] = UInt8(truncatingIfNeeded: quantum >> 16)
                bytes[count + 1] = UInt8(truncatingIfNeeded: quantum >> 8)
                bytes[count + 2] = UInt8(truncatingIfNeeded: quantum)
                count += 3
            } else if character == padding {
                paddings += 1
            } else if !character.isXMLSpace {
                return false
            }
        }
        // What is left over stands for one or two bytes.
        switch (digits % 4, paddings) {
        case (0, 0): return true
        case (2, 2):
            bytes[count] = UInt8(truncatingIfNeeded: quantum >> 4)
            count += 1
            return true
        case (3, 1):
            bytes[count] = UInt8(truncatingIfNeeded: quantum >> 10)
            bytes[count + 1] = UInt8(truncatingIfNeeded: quantum >> 2)
            count += 2
            return true
        default: return false
        }
    }

    /// The text that stands for some bytes.
    static func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let length = (bytes.count + 2) / 3 * 4
        return [UInt8](unsafeUninitializedCapacity: length) { text, count in
            alphabet.withUTF8Buffer { alphabet in encode(bytes, alphabet: alphabet, into: text) }
            count = length
        }
    }

    private static func encode(
        _ bytes: UnsafeRawBufferPointer, alphabet: UnsafeBufferPointer<UInt8>,
        into text: UnsafeMutableBufferPointer<UInt8>
    ) {
        func character(_ bits: UInt32) -> UInt8 { alphabet[Int(bits & 0x3F)] }
        var index = 0
        var count = 0
        while index + 3 <= bytes.count {
            let quantum = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            text[count] = character(quantum >> 18)
            text[count + 1] = character(quantum >> 12)
            text[count + 2] = character(quantum >> 6)
            text[count + 3] = character(quantum)
            index += 3
            count += 4
        }
        // One or two bytes that are left over.
        guard index < bytes.count else { return }
        let second = index + 1 < bytes.count ? bytes[index + 1] : nil
        let quantum = UInt32(bytes[index]) << 16 | UInt32(second ?? 0) << 8
        text[count] = character(quantum >> 18)
        text[count + 1] = character(quantum >> 12)
        text[count + 2] = second == nil ? padding : character(quantum >> 6)
        text[count + 3] = padding
    }
}
