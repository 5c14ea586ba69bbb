/// A text as words are compared: without the space around it, in lower case, full-width letters as plain ones.
///
/// Chinese input methods put full-width letters, digits and spaces where a user meant `help` or `1`. What comes out is to
/// be compared byte by byte: to compare strings Swift takes stacked accents apart, at a cost that grows with the square
/// of their number.
package func folded(_ text: String) -> String {
    if let ascii = foldedASCII(text) { return ascii }
    var text = text
    let bytes = text.withUTF8 { halfWidthInLowerCase($0) }
    return String(trimmed(String(decoding: bytes, as: UTF8.self)[...]))
}

/// Valid UTF-8 with plain letters for full-width ones, in lower case. Chinese and Japanese, which know no case, are copied
/// as they are: to look each of them up in Unicode's tables takes a hundred times as long.
private func halfWidthInLowerCase(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
        let byte = text[index]
        if byte < 0x80 {
            bytes.append(inLowerCase(byte))
            index += 1
            continue
        }
        let next = index + (byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4)
        let scalar = text[index..<min(next, text.count)]
        switch (byte, scalar.dropFirst().first ?? 0) {
        // U+3001 to U+30FF: marks and kana; U+3000 is a space.
        case (0xE3, 0x80...0x83) where scalar.elementsEqual([0xE3, 0x80, 0x80]): bytes.append(0x20)
        case (0xE3, 0x80...0x83), (0xE4...0xE9, _): bytes.append(contentsOf: scalar)
        default:
            for scalar in String(decoding: scalar, as: UTF8.self).unicodeScalars {
                let plain = halfWidth(scalar)
                if plain.isASCII {
                    bytes.append(inLowerCase(UInt8(truncatingIfNeeded: plain.value)))
                } else {
                    bytes.append(contentsOf: plain.properties.lowercaseMapping.utf8)
                }
            }
        }
        index = next
    }
    return bytes
}

private func inLowerCase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

/// The same for a text of ASCII alone, in one pass and without a table; `nil` for any other.
private func foldedASCII(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes -> String? in
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(unsafeUninitializedCapacity: last - first + 1) { target in
            for (offset, byte) in bytes[first...last].enumerated() {
                target[offset] = inLowerCase(byte)
            }
            return last - first + 1
        }
    }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

private func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x3000: " "
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    default: scalar
    }
}

private func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
}

/// Whether a text in UTF-8 can have so few bytes once it is folded. What is between the space at its ends keeps at least a
/// third of them, as where a full-width letter becomes a plain one.
func mayFold(_ text: ArraySlice<UInt8>, to count: Int) -> Bool {
    if text.count <= 3 * count { return true }
    // Without space of any kind at its ends, there is nothing to take away.
    if let first = text.first, let last = text.last, isPlain(first), isPlain(last) { return false }
    return trimmed(String(decoding: text, as: UTF8.self)[...]).utf8.count <= 3 * count
}

/// Whether a byte is a character of its own, and no space.
private func isPlain(_ byte: UInt8) -> Bool { byte < 0x80 && !isSpace(byte) }
