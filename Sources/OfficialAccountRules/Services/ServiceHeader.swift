/// A header field that requests to a service carry.
public struct ServiceHeader: Sendable, Equatable {
    /// The field's name, such as `Authorization`.
    public let name: String
    /// The field's value.
    public let value: String

    /// Creates a header field.
    /// - Parameters:
    ///   - name: The field's name.
    ///   - value: The field's value: printable ASCII, spaces and tabs.
    /// - Throws: ``ServiceSettingError`` where the name or the value cannot stand in a request (RFC 9110, section 5), or the
    ///   field is one that this program sets itself.
    public init(_ name: String, _ value: String) throws(ServiceSettingError) {
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenCharacter) else {
            throw ServiceSettingError("headers", "a header's name must be letters, digits and -")
        }
        guard !Self.own.contains(name.lowercased()) else {
            throw ServiceSettingError("headers", "the header \(name) is set by this program; leave it out")
        }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x09 }) else {
            throw ServiceSettingError("headers", "the value of the header \(name) must be printable ASCII on one line")
        }
        self.name = name
        self.value = value
    }

    private static let own: Set<String> = [
        "accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect",
        "host",
        "te", "trailer", "transfer-encoding", "upgrade", ServiceSecret.header.lowercased(),
    ]

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension ServiceHeader: CustomStringConvertible, CustomReflectable {
    /// The name; the value may be a secret, and stays out of descriptions.
    public var description: String { "ServiceHeader(\(name))" }
    /// A mirror that shows the name only.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
