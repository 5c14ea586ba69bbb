/// What a message may cost at the most; a body beyond a limit is refused while it is read.
public struct MessageLimits: Sendable, Hashable {
    /// The most bytes of a body, 1 MiB by default; more than 256 MiB count as 256 MiB.
    public var bytes: Int
    /// How deep elements may be nested, `<xml>` being 1; 32 by default.
    public var depth: Int
    /// The most elements, 4,096 by default.
    public var elements: Int

    /// Creates limits; each has a default that no real message comes near.
    /// - Parameters:
    ///   - bytes: The most bytes of a body.
    ///   - depth: How deep elements may be nested.
    ///   - elements: The most elements.
    public init(bytes: Int = 1 << 20, depth: Int = 32, elements: Int = 4096) {
        self.bytes = bytes
        self.depth = depth
        self.elements = elements
    }

    /// The bytes that count: beyond, cleaning could take a body to where offsets of 32 bits do not reach.
    var effectiveBytes: Int { min(bytes, 1 << 28) }
}
