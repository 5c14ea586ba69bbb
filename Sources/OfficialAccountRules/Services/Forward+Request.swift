internal import Glibc
internal import OfficialAccount
internal import OfficialAccountBot
internal import OutboundHTTP

extension Forward {
    /// A request to the service.
    struct Request: Sendable {
        /// The whole address: not for descriptions.
        var url: String
        var headers: [(name: String, value: String)]
        var body: [UInt8]
    }

    /// The request that hands a message over.
    func request(for message: Message, _ context: Context) -> Request {
        let now = Int64(time(nil))
        var request =
            switch content {
            case .json:
                Request(
                    url: address.url, headers: [("Content-Type", "application/json; charset=utf-8")],
                    body: MessageJSON.bytes(message, context))
            case .xml(let seal): Self.sealed(message, by: seal, address: address, now: now)
            }
        request.headers += [
            ("Accept", "application/json, text/plain, text/xml"), ("User-Agent", "wechat-fcgi"),
        ]
        request.headers += headers.map { ($0.name, $0.value) }
        if let secret { request.headers.append((ServiceSecret.header, secret.signature(of: request.body, at: now))) }
        return request
    }

    private static func sealed(
        _ message: Message, by seal: PlatformSeal, address: ServiceAddress, now: Int64
    ) -> Request {
        let nonce = String(UInt32.random(in: 100_000_000...2_000_000_000))
        let request = seal.request(
            with: message.xml(), from: message.fromUserName, to: message.toUserName, timestamp: String(now),
            nonce: nonce
        )
        let query = request.query.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
        return Request(url: address.adding(query), headers: [("Content-Type", "text/xml")], body: request.body)
    }
}
