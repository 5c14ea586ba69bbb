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
    /// - Throws: ``MessageError/missing(field:)`` without `MsgType`, `FromUserName` or `ToUserName`, and
    ///   ``MessageError/nameTooLong(field:)`` where one of them, or `Event`, is longer than 128 bytes.
    public init(_ fields: Fields) throws(MessageError) {
        let type = try Self.name("MsgType", in: fields)
        toUserNameSpan = try Self.name("ToUserName", in: fields)
        fromUserNameSpan = try Self.name("FromUserName", in: fields)
        self.fields = fields
        self.type = MessageType(rawValue: String(decoding: fields.document.bytes(of: type), as: UTF8.self))
        createTime = fields.integer("CreateTime") ?? 0
        messageID = fields.integer("MsgId")
        if self.type == .event, fields.nameSpan("Event") != nil {
            let name = try Self.name("Event", in: fields)
            event = EventType(rawValue: String(decoding: fields.document.bytes(of: name), as: UTF8.self))
        } else {
            event = nil
        }
    }

    /// The longest name, in bytes. Names become keys of tables, and what a key costs grows faster than its length.
    private static let longestName = 128

    private static func name(_ field: StaticString, in fields: Fields) throws(MessageError) -> Document.Span {
        guard let span = fields.nameSpan(field) else { throw .missing(field: field.description) }
        guard fields.document.bytes(of: span).count <= longestName else { throw .nameTooLong(field: field.description) }
        return span
    }
}
