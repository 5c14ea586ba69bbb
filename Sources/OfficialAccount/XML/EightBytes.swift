/// Eight bytes of a text, looked at in one step: nearly all of any text needs no closer look.
struct EightBytes {
    private let word: UInt64

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x80 * ones

    /// The bytes from a place on; `nil` where there are fewer than eight.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
        guard bytes.count - index >= 8 else { return nil }
        word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
    }

    var areASCII: Bool { word & Self.highBits == 0 }

    /// Whether one of them is a control character, 0x7F aside.
    var holdControl: Bool {
        // Taking 0x20 from all at once sets the high bit of the first one that is smaller. Those above it may be wrong by
        // what was borrowed, which does not matter for whether there is any.
        (word &- 0x20 * Self.ones) & ~word & Self.highBits != 0
    }

    func hold(_ byte: UInt8) -> Bool {
        let difference = word ^ UInt64(byte) * Self.ones
        return (difference &- Self.ones) & ~difference & Self.highBits != 0
    }
}
