/// A latitude or longitude in degrees, with the text that it came as.
public struct Coordinate: Sendable, Hashable {
    /// The number of degrees; always finite.
    public let value: Double
    /// The text in the message, such as `23.134521`, without white space around it.
    public let text: String

    /// Reads a decimal number.
    /// - Parameter text: The number, such as `-23.1` or `1.5e1`.
    /// - Returns: `nil` for anything that is not a finite decimal number, `nan`, `inf` and hexadecimal included.
    public init?(_ text: String) {
        let isDecimal = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): true
            default: false
            }
        }
        guard isDecimal, let value = Double(text), value.isFinite else { return nil }
        self.value = value
        self.text = text
    }
}

extension Coordinate: CustomDebugStringConvertible, CustomReflectable {
    /// The type's name only: where somebody is stays out of descriptions.
    public var debugDescription: String { "Coordinate" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
