/// How names and numbers are read from fields: white space around them is ignored, an empty one is none.
extension Fields {
    /// The text of the first element of a name without the white space around it, as a piece of the buffer.
    func nameSpan(_ name: StaticString) -> Document.Span? {
        guard let node = first(name) else { return nil }
        let text = document.bytes(of: document.nodes[node].text).trimmed
        return text.isEmpty ? nil : Document.Span(text.startIndex..<text.endIndex)
    }

    /// The text of the first element of a name without the white space around it; `nil` where it is empty.
    func name(_ name: StaticString) -> String? {
        nameSpan(name).map { String(decoding: document.bytes(of: $0), as: UTF8.self) }
    }

    /// The first element of a name as a whole number; `nil` where it is not one, or one that does not fit.
    func integer<Value: FixedWidthInteger>(_ name: StaticString) -> Value? {
        nameSpan(name).flatMap { Value(decimal: document.bytes(of: $0)) }
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without XML's white space at either end.
    var trimmed: ArraySlice<UInt8> {
        var rest = self
        while let byte = rest.first, byte.isXMLSpace { rest.removeFirst() }
        while let byte = rest.last, byte.isXMLSpace { rest.removeLast() }
        return rest
    }
}

extension UInt8 {
    /// Whether this is one of the four characters that XML calls white space.
    var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D }
}

extension FixedWidthInteger {
    /// Reads decimal digits, with a minus before them for a signed type; `nil` for anything else and on overflow.
    init?(decimal text: ArraySlice<UInt8>) {
        var digits = text
        let negative = Self.isSigned && digits.first == UInt8(ascii: "-")
        if negative { digits.removeFirst() }
        guard !digits.isEmpty else { return nil }
        var value: Self = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Self(truncatingIfNeeded: byte &- UInt8(ascii: "0"))
            // Counting down for a negative number reaches the lowest one too.
            let (sum, carried) =
                negative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !overflow, !carried else { return nil }
            value = sum
        }
        self = value
    }
}
