import Crypto

/// The platform's signature: the SHA-1, in lower-case hexadecimal, of some texts sorted bytewise and joined.
///
/// Source: the platform's pages on configuring a server and on message encryption.
public enum Signature {
    /// Signs texts, such as token, timestamp and nonce.
    /// - Parameter parts: The texts in any order.
    /// - Returns: 40 lower-case hexadecimal digits.
    public static func signature(of parts: consuming [ArraySlice<UInt8>]) -> [UInt8] {
        var hexadecimal: [UInt8] = []
        hexadecimal.reserveCapacity(2 * Insecure.SHA1.byteCount)
        hash(of: parts).withUnsafeBytes {
            for byte in $0 {
                hexadecimal.append(digit(byte >> 4))
                hexadecimal.append(digit(byte & 0xF))
            }
        }
        return hexadecimal
    }

    private static func hash(of parts: consuming [ArraySlice<UInt8>]) -> Insecure.SHA1.Digest {
        parts.sort { $0.lexicographicallyPrecedes($1) }
        var hash = Insecure.SHA1()
        for part in parts { part.withUnsafeBytes { hash.update(bufferPointer: $0) } }
        return hash.finalize()
    }

    /// Whether a text is the signature of some others, compared in constant time.
    ///
    /// Only lower-case digits are accepted, which is what the platform sends.
    /// - Parameters:
    ///   - signature: The text to check.
    ///   - parts: The signed texts in any order.
    public static func holds(_ signature: ArraySlice<UInt8>, over parts: consuming [ArraySlice<UInt8>]) -> Bool {
        let hash = hash(of: parts)
        guard signature.count == 2 * Insecure.SHA1.byteCount else { return false }
        return signature.withUnsafeBufferPointer { signature in
            hash.withUnsafeBytes { hash in
                var difference: UInt8 = 0
                for (index, byte) in hash.enumerated() {
                    difference |= signature[2 * index] ^ digit(byte >> 4)
                    difference |= signature[2 * index + 1] ^ digit(byte & 0xF)
                }
                return difference == 0
            }
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ nibble &- 10
    }
}
