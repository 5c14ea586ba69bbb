internal import Glibc
internal import NIOPosix

/// Looks a name up as the system does (getaddrinfo(3)).
enum NameProbe {
    static func step(_ address: WebAddress) async -> ExaminationStep {
        if address.isNumeric { return .skipped(.dns, "\(address.host) is an address, and has no name to look up") }
        let host = address.host
        let result: Lookup
        do {
            result = try await NIOThreadPool.singleton.runIfActive { lookUp(host) }
        } catch {
            result = .failed("no thread to look it up with")
        }
        switch result {
        case .addresses(let addresses):
            let summary = "\(host) is \(addresses.joined(separator: ", "))"
            let isPrivate = addresses.allSatisfy { AddressScope($0)?.isPrivate == true }
            guard isPrivate, !address.isLocal else { return .well(.dns, summary) }
            let finding = Finding(
                .privateAddress, "\(summary): an address of a private network, as seen from here",
                "the platform needs a public address: look the name up from outside")
            return .found(.dns, [finding], otherwise: summary)
        case .notFound:
            let finding = Finding(
                .dnsNotFound, "there is no address for the name \(host)",
                "check its spelling, and that the domain's name server has an A record for it")
            return .found(.dns, [finding], otherwise: "")
        case .failed(let reason):
            let finding = Finding(
                .dnsFailed, "the name \(host) cannot be looked up: \(reason)",
                "check this machine's network and name server, and those of the domain")
            return .found(.dns, [finding], otherwise: "")
        }
    }

    enum Lookup: Sendable {
        case addresses([String])
        case notFound
        case failed(String)
    }

    private static func lookUp(_ host: String) -> Lookup {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        switch status {
        case 0: break
        // EAI_NODATA has no name in Swift: the name is there, and has no address.
        case EAI_NONAME, -5: return .notFound
        default: return .failed(String(cString: gai_strerror(status)))
        }
        var addresses: [String] = []
        var entry = list
        while let current = entry?.pointee {
            entry = current.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                getnameinfo(
                    current.ai_addr, current.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            else { continue }
            let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses.isEmpty ? .notFound : .addresses(addresses)
    }
}
