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

    /// Whether all are ASCII and neither control characters nor one other character.
    func arePlain(without character: UInt8) -> Bool {
        // Taking a number from each byte at once sets the high bit of the first one that is smaller. Those above it may
        // be wrong by what was borrowed, which does not matter for whether there is any.
        let controls = (word &- 0x20 * Self.ones) & ~word
        let differences = word ^ UInt64(character) * Self.ones
        let equals = (differences &- Self.ones) & ~differences
        return (word | controls | equals) & Self.highBits == 0
    }
}
