extension Finding {
    /// Why the answer to a message cannot be used.
    /// - Parameters:
    ///   - fault: What the platform says of it.
    ///   - answer: The answer, where there is a whole one.
    ///   - url: Where it came from.
    init(_ fault: DeliveryFault, answer: CallbackAnswer?, url: WebAddress?) {
        let xml = "answer with an <xml> envelope, with success, or with nothing"
        switch fault {
        case .status:
            self = answer.map { .status($0, of: "the message", url: url) } ?? .noAnswer(fault)
        case .timeout, .stalled, .unreachable, .cutShort, .notHTTP, .tooLarge: self = .noAnswer(fault)
        case .byteOrderMark:
            self.init(
                .replyByteOrderMark, "a byte order mark (EF BB BF) stands before the reply",
                "save the program's files, and those that they include, as UTF-8 without BOM")
        case .spaceBeforeDeclaration:
            self.init(
                .replyWhitespace, "white space stands before <?xml", "write nothing before it, or leave <?xml … ?> out")
        case .json: self.init(.replyJSON, "the reply is JSON", xml)
        case .html: self.init(.replyHTML, "the reply is a page", xml + "; look whether it is an error page")
        case .notUTF8: self.init(.replyCharset, "the reply is not UTF-8", "write it in UTF-8")
        case .controlCharacters:
            self.init(
                .replyControlCharacters, "the reply holds control characters, which XML cannot",
                "take out what is below U+0020, but for tabs and new lines")
        case .notXML: self.init(.replyNotXML, "the reply is no <xml> envelope", xml)
        case .notEncrypted:
            self.init(
                .replyNotEncrypted, "the account is in secure mode, and the reply is not encrypted",
                "encrypt replies, or choose another mode on the platform's settings page")
        case .unexpectedlyEncrypted:
            self.init(
                .replyEncrypted, "the account is in plain mode, and the reply is encrypted",
                "answer plain messages plainly, or choose the secure mode on the platform's settings page")
        case .wrongSignature:
            self.init(
                .messageSignature, "MsgSignature of the reply does not hold",
                "make it of Token, TimeStamp, Nonce and Encrypt as they stand in the reply, sorted bytewise")
        case .paddingNot32:
            self.init(
                .padding, "the encrypted reply is padded to 16 bytes",
                "pad by hand to a multiple of 32 bytes (PKCS#7 with a block of 32), with the cipher's own padding off")
        case .undecryptable:
            self.init(
                .aesKeyMismatch, "the encrypted reply does not open with this EncodingAESKey",
                "use the key of the platform's settings page here and in the server's configuration")
        case .wrongAppID:
            self.init(
                .appIDMismatch, "the encrypted reply carries another AppID",
                "set the server's AppID to this account's: not the original ID (gh_…), nor a mini program's")
        case .missing(let name):
            self.init(.replyElement, "\(name) is missing from the reply, or empty", "write it, spelled like this")
        case .unknownType:
            self.init(
                .replyElement, "there is no reply of this MsgType",
                "use text, image, voice, video, music, news or transfer_customer_service")
        case .invalidMediaID(let name):
            self.init(
                .replyElement, "\(name) holds white space or control characters", "write the media ID as it was given")
        case .notSeconds(let name):
            self.init(
                .replyTime, "\(name) of the reply is not in seconds",
                "divide milliseconds by 1000, and leave fractions out")
        case .namesNotSwapped:
            self.init(
                .replyNames, "ToUserName and FromUserName of the reply are as in the message", "swap them")
        case .wrongReceiver:
            self.init(
                .replyNames, "ToUserName of the reply is not the user who wrote",
                "take it from the message's FromUserName")
        case .wrongSender:
            self.init(
                .replyNames, "FromUserName of the reply is not the account", "take it from the message's ToUserName")
        case .textTooLong(let bytes):
            self.init(
                .textTooLong, "the text has \(bytes) bytes of UTF-8, and 2,048 is the most",
                "send it in parts, or the rest by the customer-service interface")
        }
    }

    /// What is not as it should be in a reply that is taken.
    init(_ warning: AnswerWarning) {
        switch warning {
        case .articlesCut(_, let shown):
            self.init(.articles, "\(warning)", "send \(shown): one after a message, eight after an event")
        case .articleCount: self.init(.articles, "\(warning)", "let ArticleCount be their number")
        case .contentType(let type):
            self.init(
                .contentType, type.map { "Content-Type of the reply is \($0)" } ?? "the reply has no Content-Type",
                "send text/xml, or application/xml: the platform takes the reply all the same, and proxies may change it"
            )
        case .literalNewline:
            self.init(.literalNewline, "\(warning)", "write the character itself (U+000A)")
        case .createTimeOff:
            self.init(.replyTime, "\(warning)", "write the time in seconds since 1970, and set the server's clock")
        }
    }
}
