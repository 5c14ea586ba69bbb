/// A Perl-compatible regular expression (PCRE2) whose work on one text is bounded.
///
/// It works on Unicode characters (`\d`, `\w` and case know more than ASCII), and a text that makes it backtrack
/// without end is given up at ``Limits``.
public struct Pattern: Sendable {
    /// How many steps all patterns of a bot together may take for one message, about half a second. Where that is not
    /// enough, ``PatternError/messageLimitReached`` is thrown.
    public static let mostStepsPerMessage = 10_000_000

    /// How much work one text may cause.
    public struct Limits: Sendable {
        /// How many steps may be taken in a text, wherever in it the pattern is tried: a step is a try of one part of the
        /// pattern, or four bytes of text gone over by one. About twenty million are a second.
        public var steps: UInt32
        /// How deep backtracking may nest.
        public var depth: UInt32
        /// How much memory it may use, in KiB.
        public var memory: UInt32

        /// Creates limits.
        /// - Parameters:
        ///   - steps: How many steps may be taken in a text.
        ///   - depth: How deep backtracking may nest.
        ///   - memory: How much memory it may use, in KiB.
        public init(steps: UInt32 = 1_000_000, depth: UInt32 = 20_000, memory: UInt32 = 8192) {
            self.steps = steps
            self.depth = depth
            self.memory = memory
        }
    }

    private let compiled: CompiledPattern

    /// Compiles a pattern.
    /// - Parameters:
    ///   - pattern: The pattern, at most 4,096 bytes.
    ///   - limits: How much work one text may cause.
    /// - Throws: ``PatternError`` with what is wrong and where.
    public init(_ pattern: String, limits: Limits = Limits()) throws(PatternError) {
        compiled = try CompiledPattern(pattern, limits: limits)
    }

    /// The names of its groups, as in `(?<name>…)`.
    public var groupNames: [String] { compiled.groupNames }

    /// How many groups it has, those with names among them; the whole of what was found is none of them.
    public var groupCount: Int { compiled.groupCount }

    /// Finds the pattern in a text.
    /// - Parameter text: The text.
    /// - Returns: What its groups found, or `nil` where it is not found.
    /// - Throws: ``PatternError/limitReached`` where the text asks for more work than the limits allow.
    public func firstMatch(in text: String) throws(PatternError) -> Captures? {
        var left = Int.max
        return try firstMatch(in: text, steps: &left)
    }

    /// Finds the pattern in a text.
    /// - Parameters:
    ///   - text: The text.
    ///   - left: How many steps may be taken beside the pattern's own limits; those taken are subtracted.
    func firstMatch(in text: String, steps left: inout Int) throws(PatternError) -> Captures? {
        try compiled.firstMatch(in: text, steps: &left)
    }
}

/// Why a pattern cannot be used.
public enum PatternError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The pattern does not compile; what PCRE2 says of it, and the byte it had come to.
    case invalid(reason: String, offset: Int)
    /// The pattern is longer than 4,096 bytes.
    case tooLong(bytes: Int)
    /// A text asked for more work than the pattern's limits allow.
    case limitReached
    /// A text asked for more work than all patterns together may do for a message.
    case messageLimitReached
    /// PCRE2 failed on a text, with its error code.
    case failed(code: Int32)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .invalid(let reason, let offset): "the pattern does not compile: \(reason) (at byte \(offset))"
        case .tooLong(let bytes): "the pattern is \(bytes) bytes long; shorten it to 4096"
        case .limitReached:
            "the pattern needed more steps on a text than its limits allow; nested repeats such as (a+)+ cause that"
        case .messageLimitReached:
            "the patterns together needed more steps on a text than a message may cause; have fewer of them, anchor them "
                + "with ^, or look for words instead"
        case .failed(let code): "the pattern failed on a text with PCRE2's error \(code)"
        }
    }
}
