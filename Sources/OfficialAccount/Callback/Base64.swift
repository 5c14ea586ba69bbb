/// Base64 as RFC 4648, section 4, has it, with white space allowed between characters.
enum Base64 {
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var quantum: UInt32 = 0
        var digits = 0
        var padding = 0
        for character in text where !character.isXMLSpace {
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(of: character) else { return nil }
            quantum = quantum << 6 | UInt32(value)
            digits += 1
            if digits % 4 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: quantum >> 16))
                bytes.append(UInt8(truncatingIfNeeded: quantum >> 8))
                bytes.append(UInt8(truncatingIfNeeded: quantum))
            }
        }
        // What is left over stands for one or two bytes; bits beyond them are ignored, as the platform does.
        switch (digits % 4, padding) {
        case (0, 0): break
        case (2, 2): bytes.append(UInt8(truncatingIfNeeded: quantum >> 4))
        case (3, 1):
            bytes.append(UInt8(truncatingIfNeeded: quantum >> 10))
            bytes.append(UInt8(truncatingIfNeeded: quantum >> 2))
        default: return nil
        }
        return bytes
    }

    static func encode(_ bytes: some Sequence<UInt8>, into text: inout [UInt8]) {
        var quantum: UInt32 = 0
        var pending = 0
        for byte in bytes {
            quantum = quantum << 8 | UInt32(byte)
            pending += 1
            if pending == 3 {
                for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet(quantum >> shift)) }
                quantum = 0
                pending = 0
            }
        }
        guard pending > 0 else { return }
        quantum <<= UInt32(8 * (3 - pending))
        text.append(alphabet(quantum >> 18))
        text.append(alphabet(quantum >> 12))
        text.append(pending == 2 ? alphabet(quantum >> 6) : UInt8(ascii: "="))
        text.append(UInt8(ascii: "="))
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static func alphabet(_ bits: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 0x3F)
        switch value {
        case 0..<26: return UInt8(ascii: "A") + value
        case 26..<52: return UInt8(ascii: "a") + value - 26
        case 52..<62: return UInt8(ascii: "0") + value - 52
        case 62: return UInt8(ascii: "+")
        default: return UInt8(ascii: "/")
        }
    }
}
