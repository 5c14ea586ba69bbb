/// The query of a request (RFC 3875, section 4.1.7), read where it stands: `name=value` pairs joined by `&`.
public struct Query: Sendable {
    private let bytes: ArraySlice<UInt8>

    /// Creates a view over a query.
    /// - Parameter bytes: What stands behind the `?`, still encoded.
    public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The value of a parameter, decoded (percent-encoding, and `+` for a space). It is copied only where something in it
    /// was encoded.
    /// - Parameter name: The parameter's name. Where it occurs more than once the first one counts.
    /// - Returns: The value, empty where the parameter stands without `=`; `nil` where it does not occur.
    public subscript(name: StaticString) -> ArraySlice<UInt8>? {
        let value: Range<Int>? = name.withUTF8Buffer { wanted in
            bytes.withUnsafeBufferPointer { query in
                var start = 0
                while start < query.count {
                    let end = query.firstIndex(of: UInt8(ascii: "&"), in: start..<query.count) ?? query.count
                    if let value = Self.value(of: wanted, in: query, pair: start..<end) { return value }
                    start = end + 1
                }
                return nil
            }
        }
        return value.map { self.value(at: $0) }
    }

    /// Goes through the parameters in order, those that occur twice included: for who wants several of them.
    /// - Parameter body: Is handed each parameter: the bytes of its name, decoded, and what gives its value, decoded, which
    ///   is empty where the parameter stands without `=`.
    public func forEach(_ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: () -> ArraySlice<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer { query in
            var start = 0
            while start < query.count {
                let end = query.firstIndex(of: UInt8(ascii: "&"), in: start..<query.count) ?? query.count
                let nameEnd = query.firstIndex(of: UInt8(ascii: "="), in: start..<end) ?? end
                let value = min(nameEnd + 1, end)..<end
                let name = UnsafeBufferPointer(rebasing: query[start..<nameEnd])
                if PercentDecoding.changes(query, at: start..<nameEnd, plusIsSpace: true) {
                    let decoded = PercentDecoding.decode(Array(name)[...], plusIsSpace: true)
                    decoded.withUnsafeBufferPointer { body($0) { self.value(at: value) } }
                } else {
                    body(name) { self.value(at: value) }
                }
                start = end + 1
            }
        }
    }

    /// The decoded value that stands at a place.
    private func value(at place: Range<Int>) -> ArraySlice<UInt8> {
        let first = bytes.startIndex
        return PercentDecoding.decode(bytes[first + place.lowerBound..<first + place.upperBound], plusIsSpace: true)
    }

    /// Where the value of a pair that has the name stands, still encoded.
    private static func value(
        of name: UnsafeBufferPointer<UInt8>, in query: UnsafeBufferPointer<UInt8>, pair: Range<Int>
    ) -> Range<Int>? {
        let nameEnd = query.firstIndex(of: UInt8(ascii: "="), in: pair) ?? pair.upperBound
        let written = pair.lowerBound..<nameEnd
        // Nobody encodes the letters of a name, so that the plain comparison settles nearly every pair.
        guard query.holds(name, at: written) || isEncoded(query, at: written, name) else { return nil }
        return min(nameEnd + 1, pair.upperBound)..<pair.upperBound
    }

    /// Whether a piece stands for the name with something in it encoded.
    private static func isEncoded(
        _ query: UnsafeBufferPointer<UInt8>, at written: Range<Int>, _ name: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard PercentDecoding.changes(query, at: written, plusIsSpace: true) else { return false }
        return PercentDecoding.decode(Array(query[written])[...], plusIsSpace: true).elementsEqual(name)
    }
}
