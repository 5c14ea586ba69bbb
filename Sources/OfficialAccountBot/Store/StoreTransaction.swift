/// The name under which a store holds a value: bytes, compared as such.
///
/// Not a string: comparing strings takes accents apart, at a cost that whoever chooses the text can drive up.
public struct StoreKey: Hashable, Sendable {
    /// The bytes of the key, of any length and content.
    public let bytes: [UInt8]

    /// Creates a key.
    /// - Parameter bytes: The bytes of the key.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Feeds the bytes to a hasher, all at once: an array feeds it one by one.
    /// - Parameter hasher: The hasher.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// Whether two keys are one array in memory: then they are equal, and neither has to be looked at.
    package func isSameArray(as other: StoreKey) -> Bool {
        bytes.withUnsafeBufferPointer { mine in
            other.bytes.withUnsafeBufferPointer { $0.baseAddress == mine.baseAddress && $0.count == mine.count }
        }
    }
}

extension StoreKey: CustomStringConvertible, CustomReflectable {
    /// The key's length: it may hold a user's OpenID.
    public var description: String { "StoreKey(\(bytes.count) bytes)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a store is to read and to change in one step.
public struct StoreTransaction: Sendable {
    /// What a value has to be for the change to be made.
    public struct Condition: Sendable {
        /// The key.
        public var key: StoreKey
        /// The revision that its value must have; 0 where it must have none.
        public var revision: UInt64

        /// Creates a condition.
        /// - Parameters:
        ///   - key: The key.
        ///   - revision: The revision that its value must have; 0 where it must have none.
        public init(_ key: StoreKey, _ revision: UInt64) {
            self.key = key
            self.revision = revision
        }
    }

    /// A change of one value.
    public struct Write: Sendable {
        /// The key.
        public var key: StoreKey
        /// The value that it gets, or `nil` to remove it.
        public var value: [UInt8]?
        /// For how many milliseconds from now the value is kept; afterwards it is as if it had never been there.
        public var lifetime: Int64

        /// Creates a change.
        /// - Parameters:
        ///   - key: The key.
        ///   - value: The value that it gets, or `nil` to remove it.
        ///   - lifetime: For how many milliseconds from now the value is kept.
        public init(_ key: StoreKey, _ value: [UInt8]?, lifetime: Int64) {
            self.key = key
            self.value = value
            self.lifetime = lifetime
        }
    }

    /// What must hold for the changes to be made; all of it, or none of them is made.
    public var conditions: [Condition]
    /// The changes. No key occurs twice.
    public var writes: [Write]
    /// The keys whose values are wanted.
    public var reads: [StoreKey]

    /// Creates a transaction.
    /// - Parameters:
    ///   - conditions: What must hold for the changes to be made.
    ///   - writes: The changes.
    ///   - reads: The keys whose values are wanted.
    public init(conditions: [Condition] = [], writes: [Write] = [], reads: [StoreKey] = []) {
        self.conditions = conditions
        self.writes = writes
        self.reads = reads
    }
}

/// A value as a store holds it.
public struct StoreValue: Sendable, Equatable {
    /// The bytes of the value.
    public var bytes: [UInt8]
    /// The number of the transaction that wrote it. No two transactions of a store have the same, and later ones have
    /// higher ones, also across a restart of the store: so a revision tells whether a value is still the one that was
    /// read or written.
    public var revision: UInt64

    /// Creates a value.
    /// - Parameters:
    ///   - bytes: The bytes of the value.
    ///   - revision: The number of the transaction that wrote it; over 0.
    public init(bytes: [UInt8], revision: UInt64) {
        self.bytes = bytes
        self.revision = revision
    }
}

/// What came of a transaction.
public struct StoreOutcome: Sendable, Equatable {
    /// The transaction's own number, which every value that it wrote has as its revision; 0 where a condition did not
    /// hold, so that nothing was changed. A transaction that changes nothing may have any number over 0.
    public var revision: UInt64
    /// The values of ``StoreTransaction/reads`` in that order, as they were before the changes; `nil` where there is none.
    public var values: [StoreValue?]

    /// Creates an outcome.
    /// - Parameters:
    ///   - revision: The transaction's number, or 0 where a condition did not hold.
    ///   - values: The values that were read.
    public init(revision: UInt64, values: [StoreValue?]) {
        self.revision = revision
        self.values = values
    }

    /// Whether all conditions held, so that the changes were made.
    public var isApplied: Bool { revision != 0 }
}
