extension Callback {
    /// Makes the body that answers a message, encrypted where the message was, under the Token and key it came under.
    ///
    /// Where nothing is said the body is `success`, which is never encrypted.
    /// - Parameters:
    ///   - reply: What is answered.
    ///   - delivery: The message.
    ///   - createTime: The time, in seconds since 1970.
    ///   - generator: Where the random bytes of an encrypted reply come from.
    /// - Returns: The body, its type, and what had to be changed in the reply.
    public func seal(
        _ reply: Reply, for delivery: Delivery, createTime: Int64, using generator: inout some RandomNumberGenerator
    ) -> SealedReply {
        var warnings: [ReplyWarning] = []
        guard let xml = reply.xml(answering: delivery.message, createTime: createTime, warnings: &warnings) else {
            return SealedReply(body: Array("success".utf8), contentType: "text/plain", warnings: warnings)
        }
        let body = delivery.seal.map { $0.close(xml, createTime: createTime, using: &generator) } ?? xml
        return SealedReply(body: body, contentType: "text/xml; charset=utf-8", warnings: warnings)
    }
}

extension Delivery.Seal {
    /// Encrypts and signs a reply: the platform's page on message encryption has the envelope.
    func close(_ xml: [UInt8], createTime: Int64, using generator: inout some RandomNumberGenerator) -> [UInt8] {
        let encrypted = cipher.encrypt(xml, appID: appID, using: &generator)
        let timestamp = Array(String(createTime).utf8)
        let nonce = Array(String(generator.next()).utf8)
        let signature = Signature.signature(of: [token, timestamp[...], nonce[...], encrypted[...]])
        var writer = XMLWriter(capacity: encrypted.count + 240)
        writer.markup("<xml>")
        writer.element("Encrypt", encrypted[...])
        writer.element("MsgSignature", signature[...])
        writer.number("TimeStamp", createTime)
        writer.element("Nonce", nonce[...])
        writer.markup("</xml>")
        return writer.output
    }
}
