internal import FastCGI
internal import Glibc
internal import OfficialAccount

extension CallbackQuery {
    /// The parameters of a request, in one walk over its query. Where one occurs more than once the first counts.
    init(_ query: Query) {
        self.init()
        query.forEach { name, value in
            if name.holds("signature") {
                signature = signature ?? value()
            } else if name.holds("timestamp") {
                timestamp = timestamp ?? value()
            } else if name.holds("nonce") {
                nonce = nonce ?? value()
            } else if name.holds("echostr") {
                echostr = echostr ?? value()
            } else if name.holds("msg_signature") {
                messageSignature = messageSignature ?? value()
            } else if name.holds("encrypt_type") {
                encryptType = encryptType ?? value()
            }
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether these are the bytes of a text.
    func holds(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let first = baseAddress else { return false }
        return memcmp(first, text.utf8Start, count) == 0
    }
}
