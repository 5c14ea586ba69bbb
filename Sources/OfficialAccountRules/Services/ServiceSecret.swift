internal import Crypto
internal import FoundationEssentials

/// What a service and this program know of each other, so that the service can trust what it is sent.
///
/// Each request has a header `X-WeChat-FCGI-Signature: t=1700000000,v1=…`: the time in seconds since 1970, and the
/// HMAC-SHA256 (RFC 2104), in hexadecimal, of that time, a full stop, and the request's body, under the secret.
struct ServiceSecret: Sendable {
    static let header = "X-WeChat-FCGI-Signature"

    private let key: SymmetricKey

    /// - Throws: ``ServiceSettingError`` without the text.
    init(_ text: String) throws(ServiceSettingError) {
        guard text.utf8.count >= 16 else {
            throw ServiceSettingError(
                "secret", "the secret must have at least 16 characters; `openssl rand -hex 32` makes a good one")
        }
        key = SymmetricKey(data: Array(text.utf8))
    }

    /// The value of the header.
    /// - Parameters:
    ///   - body: The request's body.
    ///   - time: In seconds since 1970.
    func signature(of body: [UInt8], at time: Int64) -> String {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Array("\(time).".utf8))
        code.update(data: body)
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = code.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        return "t=\(time),v1=\(String(decoding: hexadecimal, as: UTF8.self))"
    }
}
