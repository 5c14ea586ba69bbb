import Foundation
import TestSupport

/// What the platform sends for an account.
extension Account {
    /// Changes to a request that is right otherwise.
    struct Flaws {
        /// Seconds that the timestamp is off the clock.
        var age = 0
        /// The query's parameters to leave out.
        var without: Set<String> = []
        /// The query's parameters to have another value.
        var with: [String: String] = [:]
    }

    /// The platform's check of the URL, when its owner presses the button that sets it.
    func verification(echostr: String? = "5837162940851726394", flaws: Flaws = Flaws()) -> HTTPRequest {
        var query = signedQuery(flaws: flaws)
        if let echostr { query.append(("echostr", echostr)) }
        return HTTPRequest("GET", target(query, flaws: flaws))
    }

    /// A message in the account's mode.
    func delivery(of message: String, chunked: Bool = false, flaws: Flaws = Flaws()) throws -> HTTPRequest {
        guard mode != .plain, let key else { return plainDelivery(of: message, chunked: chunked, flaws: flaws) }
        let encrypted = try AES.encrypt(message, key: key, appID: appID)
        let body =
            mode == .compatible
            ? message.replacing("</xml>", with: "<Encrypt><![CDATA[\(encrypted)]]></Encrypt></xml>")
            : "<xml><ToUserName><![CDATA[gh_account]]></ToUserName><Encrypt><![CDATA[\(encrypted)]]></Encrypt></xml>"
        return post(body, signed: encrypted, chunked: chunked, flaws: flaws)
    }

    /// A message as in plain mode, whatever mode the account is in.
    func plainDelivery(of message: String, chunked: Bool = false, flaws: Flaws = Flaws()) -> HTTPRequest {
        post(message, signed: nil, chunked: chunked, flaws: flaws)
    }

    /// A body with a query that fits.
    /// - Parameter signed: What msg_signature covers, for an encrypted body.
    func post(_ body: String, signed: String?, chunked: Bool = false, flaws: Flaws = Flaws()) -> HTTPRequest {
        var query = signedQuery(flaws: flaws)
        query.append(("openid", "oSender"))
        if let signed {
            let timestamp = query.first { $0.name == "timestamp" }?.value ?? ""
            let nonce = query.first { $0.name == "nonce" }?.value ?? ""
            query.append(("encrypt_type", "aes"))
            query.append(("msg_signature", signature(of: [token, timestamp, nonce, signed])))
        }
        let bytes = Array(body.utf8)
        return HTTPRequest(
            "POST", target(query, flaws: flaws), headers: [("Content-Type", "text/xml")],
            body: chunked ? .chunked(bytes) : .bytes(bytes))
    }

    private func signedQuery(flaws: Flaws) -> [(name: String, value: String)] {
        let timestamp = String(Int(Date().timeIntervalSince1970) - flaws.age)
        let nonce = String(UInt32.random(in: 1_000_000...(.max)))
        return [
            ("signature", signature(of: [token, timestamp, nonce])), ("timestamp", timestamp), ("nonce", nonce),
        ]
    }

    private func target(_ query: [(name: String, value: String)], flaws: Flaws) -> String {
        let pairs = query.filter { !flaws.without.contains($0.name) }
            .map { "\($0.name)=\(flaws.with[$0.name] ?? $0.value)" }
        return "\(path)?\(pairs.joined(separator: "&"))"
    }
}

/// SHA-1 of the parts, sorted bytewise and joined.
func signature(of parts: [String]) -> String {
    sha1(parts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined())
}
