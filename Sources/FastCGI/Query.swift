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
            for pair in bytes.split(separator: 0x26) {
                let equals = pair.firstIndex(of: 0x3D) ?? pair.endIndex
                let found = PercentDecoding.decode(pair[..<equals], plusIsSpace: true)
                guard found.elementsEqual(wanted) else { continue }
                return PercentDecoding.decode(pair[min(equals + 1, pair.endIndex)...], plusIsSpace: true)
            }
            return nil
        }
    }
}
