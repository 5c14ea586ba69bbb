/// What is kept of a user between their messages: where they are in a dialogue, and what they said in it.
public struct Session: Sendable, Equatable {
    /// Where the user is in a dialogue; `nil` where they are in none.
    public var state: String?
    /// What is remembered by name.
    public var values: [String: String]

    /// Creates a session.
    /// - Parameters:
    ///   - state: Where the user is in a dialogue.
    ///   - values: What is remembered by name.
    public init(state: String? = nil, values: [String: String] = [:]) {
        self.state = state
        self.values = values
    }

    /// Whether there is nothing to be kept.
    public var isEmpty: Bool { state == nil && values.isEmpty }
}

extension Session: CustomStringConvertible, CustomReflectable {
    /// How many values it has. What users said stays out of descriptions.
    public var description: String { "Session(\(values.count) values)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// How a session is kept in a store.
extension Session {
    /// Changes with the form of what is written.
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.byte(Self.version)
        writer.text(optional: state)
        writer.number(values.count)
        for (name, value) in values {
            writer.text(name)
            writer.text(value)
        }
        return writer.bytes
    }

    /// Reads a session; `nil` where it is none that this version can read.
    init?(_ bytes: [UInt8]) {
        do throws(ByteReader.Unreadable) {
            var reader = ByteReader(bytes)
            guard try reader.byte() == Self.version else { return nil }
            state = try reader.optionalText()
            values = [:]
            let count: Int = try reader.number()
            for _ in 0..<min(count, bytes.count) {
                let name = try reader.text()
                values[name] = try reader.text()
            }
        } catch {
            return nil
        }
    }
}
