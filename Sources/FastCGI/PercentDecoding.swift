/// Undoes percent-encoding (RFC 3986, section 2.1), once. A `%` that no two hexadecimal digits follow stays as it is.
enum PercentDecoding {
    /// - Parameters:
    ///   - bytes: The encoded bytes.
    ///   - plusIsSpace: Whether `+` stands for a space, as in the query of a form.
    /// - Returns: The same bytes, not copied, where nothing is encoded.
    static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> ArraySlice<UInt8> {
        let isChanged = bytes.withUnsafeBufferPointer { changes($0, at: 0..<$0.count, plusIsSpace: plusIsSpace) }
        guard isChanged else { return bytes }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == 0x25, bytes.endIndex - index > 2, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
                continue
            }
            decoded.append(plusIsSpace && byte == 0x2B ? 0x20 : byte)
            index += 1
        }
        return decoded[...]
    }

    /// Whether decoding changes a piece, or might.
    static func changes(_ bytes: UnsafeBufferPointer<UInt8>, at range: Range<Int>, plusIsSpace: Bool) -> Bool {
        bytes.firstIndex(of: UInt8(ascii: "%"), in: range) != nil
            || (plusIsSpace && bytes.firstIndex(of: UInt8(ascii: "+"), in: range) != nil)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
