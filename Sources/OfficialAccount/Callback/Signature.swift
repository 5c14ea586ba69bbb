import Crypto

/// The platform's signature: the SHA-1, in lower-case hexadecimal, of some texts sorted bytewise and joined.
///
/// Source: the platform's pages on configuring a server and on message encryption.
public enum Signature {
    /// Signs texts, such as token, timestamp and nonce.
    /// - Parameter parts: The texts in any order.
    /// - Returns: 40 lower-case hexadecimal digits.
    public static func signature(of parts: [ArraySlice<UInt8>]) -> [UInt8] {
        var hash = Insecure.SHA1()
        for part in parts.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            part.withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        var hexadecimal: [UInt8] = []
        hexadecimal.reserveCapacity(2 * Insecure.SHA1.byteCount)
        for byte in hash.finalize() {
            hexadecimal.append(digit(byte >> 4))
            hexadecimal.append(digit(byte & 0xF))
        }
        return hexadecimal
    }

    /// Whether a text is the signature of some others, compared in constant time.
    ///
    /// Only lower-case digits are accepted, which is what the platform sends.
    /// - Parameters:
    ///   - signature: The text to check.
    ///   - parts: The signed texts in any order.
    public static func holds(_ signature: ArraySlice<UInt8>, over parts: [ArraySlice<UInt8>]) -> Bool {
        let expected = Self.signature(of: parts)
        guard expected.count == signature.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(expected, signature) { difference |= left ^ right }
        return difference == 0
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ nibble &- 10
    }
}
