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
        name.withUTF8Buffer { wanted in
            var rest = bytes
            while !rest.isEmpty {
                let pair = rest.prefix { $0 != UInt8(ascii: "&") }
                rest = rest[min(pair.endIndex + 1, rest.endIndex)...]
                guard let value = Self.value(of: wanted, in: pair) else { continue }
                return PercentDecoding.decode(value, plusIsSpace: true)
            }
            return nil
        }
    }

    /// The value of a pair that has the name, still encoded.
    private static func value(of name: UnsafeBufferPointer<UInt8>, in pair: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        // Nobody encodes the letters of a name, so that the plain comparison settles nearly every pair.
        if pair.starts(with: name) {
            let behind = pair.dropFirst(name.count)
            if behind.first == UInt8(ascii: "=") { return behind.dropFirst() }
            if behind.isEmpty { return behind }
        }
        let written = pair.prefix { $0 != UInt8(ascii: "=") }
        guard written.contains(UInt8(ascii: "%")) || written.contains(UInt8(ascii: "+")),
            PercentDecoding.decode(written, plusIsSpace: true).elementsEqual(name)
        else { return nil }
        return pair[min(written.endIndex + 1, pair.endIndex)...]
    }
}
