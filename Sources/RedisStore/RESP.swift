/// Commands in Redis's protocol (https://redis.io/docs/latest/develop/reference/protocol-spec/): an array of strings, each
/// after its length. hiredis would take them as arrays of pointers.
enum RESP {
    static let revisionDigits = 16

    static func command(_ parts: String...) -> [UInt8] {
        var bytes: [UInt8] = []
        appendArray(parts.count, to: &bytes)
        for part in parts { append(Array(part.utf8), to: &bytes) }
        return bytes
    }

    static func appendArray(_ count: Int, to bytes: inout [UInt8]) { appendLine("*", count, to: &bytes) }

    static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        appendLine("$", text.utf8CodeUnitCount, to: &bytes)
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        appendEnd(to: &bytes)
    }

    static func append(_ content: [UInt8], to bytes: inout [UInt8]) {
        appendLine("$", content.count, to: &bytes)
        bytes.append(contentsOf: content)
        appendEnd(to: &bytes)
    }

    /// Appends one string of two parts.
    static func append(_ first: [UInt8], _ second: [UInt8], to bytes: inout [UInt8]) {
        appendLine("$", first.count + second.count, to: &bytes)
        bytes.append(contentsOf: first)
        bytes.append(contentsOf: second)
        appendEnd(to: &bytes)
    }

    static func append(_ number: Int64, to bytes: inout [UInt8]) {
        appendLine("$", digits(UInt64(number)), to: &bytes)
        appendDigits(UInt64(number), to: &bytes)
        appendEnd(to: &bytes)
    }

    /// Appends a revision in as many digits as values have it, or an empty string for 0.
    static func append(revision: UInt64, to bytes: inout [UInt8]) {
        guard revision != 0 else { return append([], to: &bytes) }
        let count = digits(revision)
        appendLine("$", max(count, revisionDigits), to: &bytes)
        for _ in 0..<max(revisionDigits - count, 0) { bytes.append(UInt8(ascii: "0")) }
        appendDigits(revision, to: &bytes)
        appendEnd(to: &bytes)
    }

    private static func appendLine(_ mark: Unicode.Scalar, _ number: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: mark))
        appendDigits(UInt64(number), to: &bytes)
        appendEnd(to: &bytes)
    }

    private static func appendEnd(to bytes: inout [UInt8]) {
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    private static func digits(_ number: UInt64) -> Int {
        var count = 1
        var rest = number / 10
        while rest > 0 {
            rest /= 10
            count += 1
        }
        return count
    }

    private static func appendDigits(_ number: UInt64, to bytes: inout [UInt8]) {
        var divisor: UInt64 = 1
        for _ in 1..<digits(number) { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
