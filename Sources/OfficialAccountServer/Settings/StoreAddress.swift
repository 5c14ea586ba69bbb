/// Where a process keeps which messages it has handled.
public enum StoreAddress: Sendable, Hashable {
    /// Nowhere: each delivery is handled by itself, and nothing is late. For measuring what handling once costs.
    case none
    /// In the memory of the process, for a process that is alone.
    case memory
    /// In a store that this program has linked in, such as `sqlite` or `redis`.
    case scheme(String, rest: String)

    /// Reads an address, such as `memory` or `sqlite:/var/lib/wechat-fcgi/messages.sqlite`.
    /// - Parameter text: `none`, `memory`, or a scheme, a colon and what the scheme's store makes of the rest.
    /// - Returns: `nil` where it is none of these.
    public init?(parsing text: String) {
        switch text {
        case "none": self = .none
        case "memory": self = .memory
        default:
            let colon = text.firstIndex(of: ":")
            let scheme = text[..<(colon ?? text.endIndex)]
            guard !scheme.isEmpty, scheme.allSatisfy({ $0.isASCII && ($0.isLetter || "+-.".contains($0)) }) else {
                return nil
            }
            guard colon != nil || scheme == "sqlite" else { return nil }
            self = .scheme(
                String(scheme).lowercased(), rest: colon.map { String(text[text.index(after: $0)...]) } ?? "")
        }
    }
}

extension StoreAddress: CustomStringConvertible {
    /// The kind of store; what follows may hold a password.
    public var description: String {
        switch self {
        case .none: "none"
        case .memory: "memory"
        case .scheme(let scheme, _): scheme
        }
    }
}
