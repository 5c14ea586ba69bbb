internal import OfficialAccount

extension CallbackRequest {
    /// What the platform's client sends of itself *(observed)*.
    static let platformHeaders = [NamedValue("User-Agent", "Mozilla/4.0"), NamedValue("Accept", "*/*")]

    /// A signature that looks like one and is none.
    static func wrongSignature() -> String {
        String((0..<40).map { _ in "0123456789abcdef".randomElement() ?? "0" })
    }

    /// The request that carries a message.
    init(carrying message: PreparedMessage, sealedBy seal: PlatformSeal, timestamp: String, nonce: String) {
        let request = seal.request(
            with: message.xml, from: message.openID, to: message.receiver, timestamp: timestamp, nonce: nonce)
        self.init(
            method: "POST", query: request.query.map { NamedValue($0.name, $0.value) },
            headers: Self.platformHeaders + [NamedValue("Content-Type", "text/xml")], body: request.body)
    }
}
