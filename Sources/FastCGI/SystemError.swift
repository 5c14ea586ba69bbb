internal import CFastCGI
internal import Glibc

/// Error numbers in words.
enum SystemError {
    /// What strerror(3) says of an error number.
    static func text(_ number: Int32) -> String { strerror(number).map { String(cString: $0) } ?? "error \(number)" }
}
