/// Makes a body readable that holds what XML cannot: an XML parser by the book refuses the whole of it for one control
/// character in a user's text. Source: Extensible Markup Language 1.0, section 2.2.
enum XMLCleaner {
    /// Where the XML begins, behind a byte order mark and white space; `nil` for UTF-16.
    ///
    /// White space before an XML declaration is an error by the book.
    static func start(of body: [UInt8]) -> Int? {
        if body.starts(with: [0xFE, 0xFF]) || body.starts(with: [0xFF, 0xFE]) || body.prefix(2).contains(0) {
            return nil
        }
        let mark = body.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return body[mark...].firstIndex { !$0.isXMLSpace } ?? body.count
    }

    /// Whether a body holds nothing that needs cleaning: no forbidden character, no byte that is not UTF-8, and no
    /// numeric reference, which may stand for a forbidden character.
    static func isClean(_ body: [UInt8]) -> Bool { body.withUnsafeBufferPointer { isClean($0) } }

    /// Whether a text holds nothing that needs cleaning.
    static func isClean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x80 {
                guard case .character(let length) = UTF8Character(in: bytes, at: index) else { return false }
                index += length
            } else if let eight = EightBytes(bytes, at: index), eight.areASCII, !eight.holdControl,
                !eight.hold(UInt8(ascii: "#"))
            {
                index += 8
            } else if byte < 0x20 {
                guard byte.isXMLSpace else { return false }
                index += 1
            } else {
                if byte == UInt8(ascii: "#"), index > 0, bytes[index - 1] == UInt8(ascii: "&") { return false }
                index += 1
            }
        }
        return true
    }

    /// A copy of a body with control characters left out and everything else that is forbidden as U+FFFD.
    static func clean(_ body: ArraySlice<UInt8>) -> [UInt8] {
        body.withUnsafeBufferPointer { bytes in
            var copy = XMLCleaningCopy(bytes)
            copy.run()
            return copy.output
        }
    }

    /// Whether XML can hold a character.
    static func allows(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}

/// What stands at a place in UTF-8.
enum UTF8Character {
    /// A character that XML can hold, of so many bytes.
    case character(Int)
    /// So many bytes that are no character, or U+FFFE or U+FFFF.
    case forbidden(Int)

    /// - Parameter index: The place of a byte of 0x80 or more.
    init(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
        // The lead byte says how many bytes there are and what the second may be (Unicode, table 3-7).
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[index] {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default:
            self = .forbidden(1)
            return
        }
        for offset in 1..<length {
            guard index + offset < bytes.count, (offset == 1 ? second : 0x80...0xBF).contains(bytes[index + offset])
            else {
                self = .forbidden(offset)
                return
            }
        }
        let isNoncharacter = bytes[index] == 0xEF && bytes[index + 1] == 0xBF && bytes[index + 2] >= 0xBE
        self = isNoncharacter ? .forbidden(3) : .character(length)
    }
}
