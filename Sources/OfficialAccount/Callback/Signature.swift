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

    /// Up to here texts are joined before they are hashed, which costs less than to begin with each anew.
    private static let joinedBytes = 512

    private static func hash(of parts: consuming [ArraySlice<UInt8>]) -> Insecure.SHA1.Digest {
        var parts = parts
        parts.sort { $0.lexicographicallyPrecedes($1) }
        var hash = Insecure.SHA1()
        let count = parts.reduce(0) { $0 + $1.count }
        guard count <= joinedBytes else {
            for part in parts { part.withUnsafeBytes { hash.update(bufferPointer: $0) } }
            return hash.finalize()
        }
        withUnsafeTemporaryAllocation(byteCount: joinedBytes, alignment: 1) { buffer in
            var end = 0
            for part in parts {
                part.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[end...]).copyMemory(from: $0) }
                end += part.count
            }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<end]))
        }
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
                for index in 0..<Insecure.SHA1.byteCount {
                    difference |= signature[2 * index] ^ digit(hash[index] >> 4)
                    difference |= signature[2 * index + 1] ^ digit(hash[index] & 0xF)
                }
                return difference == 0
            }
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        // Above 9 the letters begin, 39 places behind where the digits end.
        UInt8(ascii: "0") &+ nibble &+ (nibble &+ 6) >> 4 &* 39
    }
}
