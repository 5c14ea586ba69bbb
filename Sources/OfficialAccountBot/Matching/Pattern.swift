import CPCRE2

/// A Perl-compatible regular expression (PCRE2) whose work on one text is bounded.
///
/// It works on Unicode characters (`\d`, `\w` and case know more than ASCII), and a text that makes it backtrack
/// without end is given up at ``Limits``.
public struct Pattern: Sendable {
    /// How much work one text may cause (`pcre2_set_match_limit` and its relatives).
    public struct Limits: Sendable {
        /// How often the matcher may call itself; about ten million a second.
        public var steps: UInt32
        /// How deep backtracking may nest.
        public var depth: UInt32
        /// How much memory it may use, in KiB.
        public var memory: UInt32

        /// Creates limits.
        /// - Parameters:
        ///   - steps: How often the matcher may call itself.
        ///   - depth: How deep backtracking may nest.
        ///   - memory: How much memory it may use, in KiB.
        public init(steps: UInt32 = 200_000, depth: UInt32 = 20_000, memory: UInt32 = 8192) {
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
        try compiled.firstMatch(in: text)
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
    /// PCRE2 failed on a text, with its error code.
    case failed(code: Int32)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .invalid(let reason, let offset): "the pattern does not compile: \(reason) (at byte \(offset))"
        case .tooLong(let bytes): "the pattern is \(bytes) bytes long; shorten it to 4096"
        case .limitReached:
            "the pattern needed more steps on a text than its limits allow; nested repeats such as (a+)+ cause that"
        case .failed(let code): "the pattern failed on a text with PCRE2's error \(code)"
        }
    }
}

/// Owns what PCRE2 allocated for a pattern.
///
/// `@unchecked Sendable`: PCRE2 does not change compiled code or a match context while it matches ("Multithreading" in
/// pcre2api), and nothing here changes them after `init`.
private final class CompiledPattern: @unchecked Sendable {
    private let code: OpaquePointer
    private let context: OpaquePointer?
    private let names: [String: Int]

    init(_ pattern: String, limits: Pattern.Limits) throws(PatternError) {
        var pattern = pattern
        let length = pattern.utf8.count
        guard length <= 4096 else { throw PatternError.tooLong(bytes: length) }
        var failure: Int32 = 0
        var offset = 0
        let options = UInt32(PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C)
        let compiled = pattern.withUTF8 { bytes in
            pcre2_compile_8(bytes.baseAddress, bytes.count, options, &failure, &offset, nil)
        }
        guard let compiled else {
            throw PatternError.invalid(reason: Self.message(for: failure), offset: offset)
        }
        code = compiled
        names = Self.names(of: compiled)
        context = pcre2_match_context_create_8(nil)
        pcre2_set_match_limit_8(context, limits.steps)
        pcre2_set_depth_limit_8(context, limits.depth)
        pcre2_set_heap_limit_8(context, limits.memory)
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_code_free_8(code)
    }

    var groupNames: [String] { Array(names.keys) }

    var groupCount: Int {
        var count: UInt32 = 0
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
        return Int(count)
    }

    func firstMatch(in text: String) throws(PatternError) -> Captures? {
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else {
            throw PatternError.failed(code: PCRE2_ERROR_NOMEMORY)
        }
        defer { pcre2_match_data_free_8(data) }
        var text = text
        let outcome = text.withUTF8 { bytes -> (code: Int32, captures: Captures?) in
            // A Swift string is valid UTF-8 always, so PCRE2 need not look.
            let found = pcre2_match_8(
                code, bytes.baseAddress, bytes.count, 0, UInt32(PCRE2_NO_UTF_CHECK), data, context)
            return (found, found < 0 ? nil : captures(in: bytes, data))
        }
        switch outcome.code {
        case PCRE2_ERROR_NOMATCH: return nil
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT: throw .limitReached
        case ..<0: throw .failed(code: outcome.code)
        default: return outcome.captures
        }
    }

    private func captures(in bytes: UnsafeBufferPointer<UInt8>, _ data: OpaquePointer) -> Captures {
        let count = Int(pcre2_get_ovector_count_8(data))
        let offsets = UnsafeBufferPointer(start: pcre2_get_ovector_pointer_8(data), count: 2 * count)
        let groups = (0..<count).map { group -> String? in
            let (start, end) = (offsets[2 * group], offsets[2 * group + 1])
            // A group that took no part is PCRE2_UNSET, which Swift imports as -1; \K in a lookahead can put an end
            // before its start.
            guard start >= 0, start <= end, end <= bytes.count else { return nil }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
        return Captures(groups: groups, names: names)
    }

    /// The table of names that PCRE2 keeps: two bytes of group number, then the name and a zero.
    private static func names(of code: OpaquePointer) -> [String: Int] {
        var count: UInt32 = 0
        var size: UInt32 = 0
        var table: UnsafePointer<UInt8>?
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard let table else { return [:] }
        var names: [String: Int] = [:]
        for entry in 0..<Int(count) {
            let start = table + entry * Int(size)
            names[String(cString: start + 2)] = Int(start[0]) << 8 | Int(start[1])
        }
        return names
    }

    private static func message(for code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
        return length < 0 ? "error \(code)" : String(decoding: buffer.prefix(Int(length)), as: UTF8.self)
    }
}
