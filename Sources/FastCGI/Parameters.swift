internal import CFastCGI
internal import Glibc

/// The variables of a request: CGI meta-variables (RFC 3875, section 4.1) and whatever else the web server passes.
///
/// They are kept in one buffer as the web server sent them and looked up there: a request costs one allocation for all
/// of its variables, and nothing for those nobody asks for. Where a name occurs twice the first one counts.
public struct Parameters: Sendable {
    /// For each variable the lengths of its name and its value, 32 bits each, then the two themselves.
    private var storage: [UInt8] = []

    /// Creates an empty set of variables.
    public init() {}

    /// Creates variables from names and values.
    /// - Parameter pairs: The variables, in order.
    public init(_ pairs: KeyValuePairs<String, String>) {
        for (name, value) in pairs { append(name: name, value: value) }
    }

    /// Copies an environment (environ(7)): strings of the form `name=value`, ended by a null pointer.
    init(environment: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
        var total = 0
        var next = environment
        while let entry = next.pointee {
            total += strlen(entry) + 8
            next += 1
        }
        storage = [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
            guard let base = buffer.baseAddress.map(UnsafeMutableRawPointer.init) else { return }
            var next = environment
            while let entry = next.pointee {
                next += 1
                let length = strlen(entry)
                guard let equals = memchr(entry, 0x3D, length) else { continue }
                let nameLength = UnsafeRawPointer(equals) - UnsafeRawPointer(entry)
                let valueLength = length - nameLength - 1
                base.storeBytes(of: UInt32(nameLength), toByteOffset: count, as: UInt32.self)
                base.storeBytes(of: UInt32(valueLength), toByteOffset: count + 4, as: UInt32.self)
                memcpy(base + count + 8, entry, nameLength)
                memcpy(base + count + 8 + nameLength, equals + 1, valueLength)
                count += 8 + nameLength + valueLength
            }
        }
    }

    /// Adds a variable behind those that are there.
    /// - Parameters:
    ///   - name: Its name, such as `REQUEST_METHOD`.
    ///   - value: Its value, in whatever encoding the web server uses.
    public mutating func append(name: String, value: String) {
        withUnsafeBytes(of: UInt32(name.utf8.count)) { storage.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(value.utf8.count)) { storage.append(contentsOf: $0) }
        storage.append(contentsOf: name.utf8)
        storage.append(contentsOf: value.utf8)
    }

    /// The value of a variable as bytes, without a copy.
    /// - Parameter name: The variable's name, such as `QUERY_STRING`.
    /// - Returns: The value's bytes, or `nil` where the variable is not set.
    public func bytes(of name: StaticString) -> ArraySlice<UInt8>? {
        let range: Range<Int>? = name.withUTF8Buffer { wanted in
            storage.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress, let first = wanted.baseAddress else { return nil }
                var offset = 0
                while offset < bytes.count {
                    let variable = Self.variable(at: offset, in: bytes)
                    if variable.name.count == wanted.count,
                        memcmp(base + variable.name.lowerBound, first, wanted.count) == 0
                    {
                        return variable.value
                    }
                    offset = variable.value.upperBound
                }
                return nil
            }
        }
        return range.map { storage[$0] }
    }

    /// The value of a variable as text; bytes that are not UTF-8 become U+FFFD.
    /// - Parameter name: The variable's name, such as `REQUEST_METHOD`.
    public subscript(name: StaticString) -> String? {
        bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func variable(
        at offset: Int, in bytes: UnsafeRawBufferPointer
    ) -> (name: Range<Int>, value: Range<Int>) {
        let nameLength = Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        let valueLength = Int(bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        let middle = offset + 8 + nameLength
        return (offset + 8..<middle, middle..<middle + valueLength)
    }
}

extension Parameters: Sequence {
    /// Goes through the variables in order.
    public struct Iterator: IteratorProtocol {
        private let storage: [UInt8]
        private var offset = 0

        fileprivate init(_ storage: [UInt8]) { self.storage = storage }

        /// The next variable, as text.
        public mutating func next() -> (name: String, value: String)? {
            guard offset < storage.count else { return nil }
            let variable = storage.withUnsafeBytes { Parameters.variable(at: offset, in: $0) }
            offset = variable.value.upperBound
            return (
                String(decoding: storage[variable.name], as: UTF8.self),
                String(decoding: storage[variable.value], as: UTF8.self)
            )
        }
    }

    /// Goes through the variables in order, those that occur twice included.
    public func makeIterator() -> Iterator { Iterator(storage) }
}
