/// The body that answers the platform's request.
public struct SealedReply: Sendable {
    /// The bytes of the body.
    public let body: [UInt8]
    /// The body's `Content-Type`: `text/xml; charset=utf-8`, or `text/plain` where nothing is said.
    public let contentType: String
    /// What had to be changed so that the platform takes the reply; worth a line in the log each.
    public let warnings: [ReplyWarning]
}

extension SealedReply: CustomStringConvertible, CustomReflectable {
    /// The content type and length; the content stays out of descriptions.
    public var description: String { "SealedReply(\(contentType), \(body.count) bytes)" }
    /// A mirror of what the description shows.
    public var customMirror: Mirror { Mirror(self, children: ["contentType": contentType, "bytes": body.count]) }
}
