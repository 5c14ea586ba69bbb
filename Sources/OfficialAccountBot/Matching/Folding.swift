/// A text as words are compared: without the space around it, in lower case, full-width letters as plain ones.
///
/// Chinese input methods put full-width letters, digits and spaces where a user meant `help` or `1`. What comes out is to
/// be compared byte by byte: to compare strings Swift takes stacked accents apart, at a cost that grows with the square
/// of their number.
package func folded(_ text: String) -> String {
    if let ascii = foldedASCII(text) { return ascii }
    var scalars = String.UnicodeScalarView()
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { scalars.append(halfWidth(scalar)) }
    return String(trimmed(Substring(String(scalars).lowercased())))
}

/// The same for a text of ASCII alone, in one pass and without a table; `nil` for any other.
private func foldedASCII(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes -> String? in
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(unsafeUninitializedCapacity: last - first + 1) { target in
            for (offset, byte) in bytes[first...last].enumerated() {
                target[offset] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
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
