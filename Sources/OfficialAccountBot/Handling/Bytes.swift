/// Writes values one behind the other, for a ``ByteReader`` to read.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int) { bytes.reserveCapacity(capacity) }

    package mutating func byte(_ value: UInt8) { bytes.append(value) }

    package mutating func number(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: UInt64(truncatingIfNeeded: value).littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes several numbers at once.
    package mutating func numbers(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        withUnsafeBytes(of: (first.littleEndian, second.littleEndian, third.littleEndian, fourth.littleEndian)) {
            bytes.append(contentsOf: $0)
        }
    }

    package mutating func data(_ value: [UInt8]) {
        count(value.count)
        bytes.append(contentsOf: value)
    }

    package mutating func text(_ value: String) {
        var value = value
        value.withUTF8 {
            count($0.count)
            bytes.append(contentsOf: $0)
        }
    }

    package mutating func text(optional value: String?) {
        byte(value == nil ? 0 : 1)
        if let value { text(value) }
    }

    private mutating func count(_ count: Int) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) { bytes.append(contentsOf: $0) }
    }
}

/// Reads what a ``ByteWriter`` wrote. What another version wrote, or something else altogether, is ``Unreadable``.
package struct ByteReader {
    package struct Unreadable: Error {}

    private var rest: ArraySlice<UInt8>

    package init(_ bytes: [UInt8]) { rest = bytes[...] }

    package mutating func byte() throws(Unreadable) -> UInt8 {
        guard let byte = rest.popFirst() else { throw Unreadable() }
        return byte
    }

    package mutating func number() throws(Unreadable) -> UInt64 { try integer(bytes: 8) }

    /// A count or a time. One that is below zero, or so large that one cannot reckon with it, was not written by this
    /// program.
    package mutating func number<Value: SignedInteger & FixedWidthInteger>() throws(Unreadable) -> Value {
        let number = Value(truncatingIfNeeded: try integer(bytes: 8))
        guard 0...Value.max / 4 ~= number else { throw Unreadable() }
        return number
    }

    package mutating func data() throws(Unreadable) -> [UInt8] { Array(try slice()) }

    package mutating func text() throws(Unreadable) -> String { String(decoding: try slice(), as: UTF8.self) }

    package mutating func optionalText() throws(Unreadable) -> String? { try byte() == 0 ? nil : try text() }

    private mutating func slice() throws(Unreadable) -> ArraySlice<UInt8> {
        let count = Int(try integer(bytes: 4))
        guard count <= rest.count else { throw Unreadable() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func integer(bytes count: Int) throws(Unreadable) -> UInt64 {
        guard rest.count >= count else { throw Unreadable() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
