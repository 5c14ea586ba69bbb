import CPCRE2

/// Owns what PCRE2 allocated for a pattern.
///
/// `@unchecked Sendable`: PCRE2 does not change compiled code or a match context while it matches ("Multithreading" in
/// pcre2api), and nothing here changes them after `init`.
final class CompiledPattern: @unchecked Sendable {
    private let code: OpaquePointer
    private let context: OpaquePointer?
    private let steps: Int
    private let names: [String: Int]

    init(_ pattern: String, limits: Pattern.Limits) throws(PatternError) {
        var pattern = pattern
        let length = pattern.utf8.count
        guard length <= 4096 else { throw PatternError.tooLong(bytes: length) }
        var failure: Int32 = 0
        var offset = 0
        // PCRE2's own limit counts anew wherever in a text it tries the pattern; the callouts count for all of the text.
        let options = UInt32(
            PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT)
        let compiled = pattern.withUTF8 { bytes in
            pcre2_compile_8(bytes.baseAddress, bytes.count, options, &failure, &offset, nil)
        }
        guard let compiled else {
            throw PatternError.invalid(reason: Self.message(for: failure), offset: offset)
        }
        code = compiled
        names = Self.names(of: compiled)
        context = pcre2_match_context_create_8(nil)
        steps = Int(limits.steps)
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

    func firstMatch(in text: String, steps left: inout Int) throws(PatternError) -> Captures? {
        // A context of its own: what counts the steps is in it.
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil),
            let context = pcre2_match_context_copy_8(context)
        else { throw PatternError.failed(code: PCRE2_ERROR_NOMEMORY) }
        defer {
            pcre2_match_data_free_8(data)
            pcre2_match_context_free_8(context)
        }
        let allowed = min(steps, left)
        let count = UnsafeMutablePointer<StepCount>.allocate(capacity: 1)
        count.initialize(to: StepCount(left: allowed))
        defer { count.deallocate() }
        pcre2_set_callout_8(context, StepCount.callout, count)
        var text = text
        let outcome = text.withUTF8 { bytes -> (code: Int32, captures: Captures?) in
            // A Swift string is valid UTF-8 always, so PCRE2 need not look.
            let found = pcre2_match_8(
                code, bytes.baseAddress, bytes.count, 0, UInt32(PCRE2_NO_UTF_CHECK), data, context)
            return (found, found < 0 ? nil : captures(in: bytes, data))
        }
        left -= allowed - max(count.pointee.left, 0)
        switch outcome.code {
        case PCRE2_ERROR_NOMATCH: return nil
        case PCRE2_ERROR_CALLOUT where allowed < steps: throw .messageLimitReached
        case PCRE2_ERROR_CALLOUT: throw .limitReached
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

/// Counts the steps of a pattern in a text: PCRE2 calls it before each part of the pattern that it tries.
private struct StepCount {
    var left: Int
    private var position = 0

    init(left: Int) { self.left = left }

    static let callout:
        @convention(c) (UnsafeMutablePointer<pcre2_callout_block_8>?, UnsafeMutableRawPointer?) -> Int32 =
            { block, count in
                guard let block, let count = count?.assumingMemoryBound(to: StepCount.self) else { return 0 }
                return count.pointee.step(to: block.pointee.current_position) ? 0 : PCRE2_ERROR_CALLOUT
            }

    /// - Returns: Whether to go on.
    private mutating func step(to next: Int) -> Bool {
        left -= 1 + max(next - position, 0) / 4
        position = next
        return left >= 0
    }
}
