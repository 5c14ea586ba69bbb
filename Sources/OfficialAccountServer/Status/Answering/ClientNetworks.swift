internal import Glibc

/// Networks of clients, such as `10.0.0.0/8`, `192.0.2.7` or `2001:db8::/32`. An address of IPv4 is the same as the one
/// of IPv6 that stands for it (RFC 4291, section 2.5.5.2).
public struct ClientNetworks: Sendable, Equatable {
    private struct Network: Sendable, Equatable {
        var address: [UInt8]
        var bits: Int

        func holds(_ other: [UInt8]) -> Bool {
            let whole = bits / 8
            guard address.prefix(whole).elementsEqual(other.prefix(whole)) else { return false }
            let rest = bits % 8
            return rest == 0 || (address[whole] ^ other[whole]) >> (8 - rest) == 0
        }
    }

    private var networks: [Network]

    /// No network at all.
    public static let none = ClientNetworks(networks: [])

    /// Those that a web server on the same machine sees its own machine's clients come from.
    static let loopback = ClientNetworks(networks: [
        Network(address: mapped + [127, 0, 0, 0], bits: 104),
        Network(address: [UInt8](repeating: 0, count: 15) + [1], bits: 128),
    ])

    private static let mapped: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    private init(networks: [Network]) { self.networks = networks }

    /// Reads a list.
    /// - Parameter text: Addresses and networks, with commas between them.
    /// - Returns: `nil` where one of them is not accepted; bits behind a network's own must be zero.
    public init?(parsing text: String) {
        networks = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let network = Self.network(part.drop(while: \.isWhitespace)) else { return nil }
            networks.append(network)
        }
    }

    private static func network(_ text: Substring) -> Network? {
        let text = text.prefix { !$0.isWhitespace }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = address(parts[0]) else { return nil }
        guard parts.count == 2 else { return Network(address: address, bits: 128) }
        let isOld = !parts[0].contains(":")
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
            bits <= (isOld ? 32 : 128)
        else { return nil }
        let network = Network(address: address, bits: isOld ? 96 + bits : bits)
        for bit in network.bits..<128 {
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            guard address[bit / 8] & mask == 0 else { return nil }
        }
        return network
    }

    private static func address(_ text: some StringProtocol) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, String(text), &bytes) == 1 { return bytes }
        var old = [UInt8](repeating: 0, count: 4)
        return inet_pton(AF_INET, String(text), &old) == 1 ? mapped + old : nil
    }

    /// Whether a client's address is in one of the networks.
    func hold(_ text: String) -> Bool {
        guard let address = Self.address(text) else { return false }
        return networks.contains { $0.holds(address) }
    }
}
