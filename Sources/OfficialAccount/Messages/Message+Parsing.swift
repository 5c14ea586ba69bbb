extension Message {
    /// Reads a message from an unencrypted body.
    ///
    /// Where an element is repeated the first one counts here, and all of them are in ``fields``. White space around
    /// names and numbers is ignored. A name of sender and receiver is required, since no answer can be addressed
    /// without.
    /// - Parameters:
    ///   - body: The body of the platform's POST, or what ``MessageCipher`` decrypted.
    ///   - limits: What the message may cost at the most.
    /// - Throws: ``MessageError`` where the body is not XML, not an `<xml>` envelope, beyond a limit, or without
    ///   `MsgType`, `FromUserName` or `ToUserName`.
    public init(parsing body: [UInt8], limits: MessageLimits = MessageLimits()) throws(MessageError) {
        try self.init(Fields(parsing: body, limits: limits))
    }

    /// Finds what all messages have in fields that have been read already.
    /// - Parameter fields: The elements inside `<xml>`.
    /// - Throws: ``MessageError/missing(field:)`` without `MsgType`, `FromUserName` or `ToUserName`.
    public init(_ fields: Fields) throws(MessageError) {
        guard let type = fields.name("MsgType") else { throw .missing(field: "MsgType") }
        guard let to = fields.nameSpan("ToUserName") else { throw .missing(field: "ToUserName") }
        guard let from = fields.nameSpan("FromUserName") else { throw .missing(field: "FromUserName") }
        self.fields = fields
        self.type = MessageType(rawValue: type)
        toUserNameSpan = to
        fromUserNameSpan = from
        createTime = fields.integer("CreateTime") ?? 0
        messageID = fields.integer("MsgId")
        event = self.type == .event ? fields.name("Event").map(EventType.init(rawValue:)) : nil
    }
}
