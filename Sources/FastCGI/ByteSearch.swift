internal import Glibc

extension UnsafeBufferPointer<UInt8> {
    /// Where a byte first stands in a piece, by the C library, which compares many at a time.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard let base = baseAddress, let found = memchr(base + range.lowerBound, Int32(byte), range.count) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Whether a piece holds exactly these bytes.
    func holds(_ bytes: UnsafeBufferPointer<UInt8>, at range: Range<Int>) -> Bool {
        guard range.count == bytes.count else { return false }
        guard let base = baseAddress, let first = bytes.baseAddress else { return bytes.isEmpty }
        return memcmp(base + range.lowerBound, first, bytes.count) == 0
    }
}
