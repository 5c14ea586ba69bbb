internal import Glibc

/// Whether the whole internet can reach an IP address (RFC 6890).
struct AddressScope: Equatable {
    /// Whether it belongs to this machine or to a private network.
    let isPrivate: Bool

    /// - Parameter text: An IPv4 or IPv6 address.
    /// - Returns: `nil` for what is no address.
    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            isPrivate = Self.isPrivate(four: withUnsafeBytes(of: &four) { Array($0) })
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            let bytes = withUnsafeBytes(of: &six) { Array($0) }
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            isPrivate =
                isMapped
                ? Self.isPrivate(four: Array(bytes[12...]))
                : bytes[..<15].allSatisfy { $0 == 0 } || bytes[0] & 0xFE == 0xFC
                    || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
        } else {
            return nil
        }
    }

    private static func isPrivate(four bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (192, 168), (169, 254): true
        case (172, 16...31), (100, 64...127): true
        default: false
        }
    }
}
