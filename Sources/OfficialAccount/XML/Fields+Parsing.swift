extension Fields {
    /// Reads the elements inside an `<xml>` envelope.
    ///
    /// What XML cannot hold does not make the body unreadable: control characters are left out, and bytes that are not
    /// UTF-8 become U+FFFD, before the parser sees them. The body is read as UTF-8 whatever its declaration says;
    /// UTF-16 is refused, and so is a document type declaration, where it begins.
    /// - Parameters:
    ///   - body: The bytes of the envelope.
    ///   - limits: What it may cost at the most.
    /// - Throws: ``MessageError`` where the body is not XML, not an `<xml>` envelope, or beyond a limit.
    public init(parsing body: [UInt8], limits: MessageLimits = MessageLimits()) throws(MessageError) {
        guard body.count <= limits.effectiveBytes else { throw .tooLarge(limit: limits.effectiveBytes) }
        guard let start = XMLCleaner.start(of: body) else { throw .notXML(line: 1) }
        // Cleaning copies the body; nearly all bodies need none.
        let document =
            XMLCleaner.isClean(body)
            ? try Document(parsing: body[start...], limits: limits)
            : try Document(parsing: XMLCleaner.clean(body[start...])[...], limits: limits)
        self.init(document: document, range: document.nodes.last?.children ?? 0..<0)
    }
}
