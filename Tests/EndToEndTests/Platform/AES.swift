import Foundation
import TestSupport

/// The platform's message cipher, done by the openssl command: nothing of it is shared with the program.
enum AES {
    /// Encrypts a message as the platform does.
    /// - Returns: The text of `Encrypt`, base64.
    static func encrypt(_ message: String, key: String, appID: String) throws -> String {
        let text = Array(message.utf8)
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: text.count >> (24 - 8 * $0)) }
        bytes += text + Array(appID.utf8)
        let padding = 32 - bytes.count % 32
        bytes += [UInt8](repeating: UInt8(padding), count: padding)
        let outcome = try openssl(["-e", "-base64", "-A"], key: key, input: bytes)
        return String(decoding: outcome, as: UTF8.self)
    }

    /// Decrypts what the program wrote, and holds it to the platform's form: padding of 1 to 32 to a whole number of
    /// 32 bytes, the length, the AppID.
    static func decrypt(_ encrypted: String, key: String, appID: String) throws -> String {
        let bytes = try openssl(["-d", "-base64", "-A"], key: key, input: Array(encrypted.utf8))
        guard bytes.count % 32 == 0, let padding = bytes.last.map(Int.init), (1...32).contains(padding),
            bytes.suffix(padding).allSatisfy({ Int($0) == padding }), bytes.count >= 20 + padding
        else { throw TestError("the padding is not to 32") }
        let length = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
        let rest = bytes[20..<(bytes.count - padding)]
        guard length <= rest.count else { throw TestError("the length is \(length) of \(rest.count)") }
        guard Array(rest.dropFirst(length)) == Array(appID.utf8) else { throw TestError("not this account's AppID") }
        return String(decoding: rest.prefix(length), as: UTF8.self)
    }

    /// The 32 bytes of an EncodingAESKey.
    static func bytes(ofKey key: String) throws -> [UInt8] {
        let outcome = try run(["openssl", "base64", "-d", "-A"], input: Array("\(key)=".utf8))
        guard outcome.output.count == 32 else { throw TestError("openssl: \(outcome.errorText)") }
        return outcome.output
    }

    private static func openssl(_ options: [String], key: String, input: [UInt8]) throws -> [UInt8] {
        let hex = try bytes(ofKey: key).map { String(format: "%02x", $0) }.joined()
        let outcome = try run(
            ["openssl", "enc", "-aes-256-cbc", "-nopad", "-K", hex, "-iv", String(hex.prefix(32))] + options,
            input: input)
        guard outcome.status == 0 else { throw TestError("openssl: \(outcome.errorText)") }
        return outcome.output
    }
}
