/// CONTENT_LENGTH (RFC 3875, section 4.1.2).
enum ContentLength {
    /// The length that the web server declares.
    /// - Returns: `nil` where there is none: it is absent, empty, or -1 for a body in chunks, as some servers say it. What
    ///   is no number is a length that no body has.
    static func declared(in parameters: Parameters) -> Int? {
        guard let text = parameters.bytes(of: "CONTENT_LENGTH"), !text.isEmpty, !text.elementsEqual("-1".utf8) else {
            return nil
        }
        var value = 0
        for byte in text {
            guard (0x30...0x39).contains(byte), value <= Int.max / 100 else { return .max }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}
