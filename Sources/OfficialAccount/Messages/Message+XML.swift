extension Message {
    /// The message as XML again, with all of its fields, for whoever keeps it or hands it on.
    ///
    /// Reading it gives an equal message. It is not byte for byte what the platform sent.
    /// - Returns: An `<xml>` envelope in UTF-8.
    public func xml() -> [UInt8] {
        var writer = XMLWriter(capacity: 64 + fields.reduce(0) { $0 + $1.utf8.count + 48 })
        writer.markup("<xml>")
        for field in fields { field.write(to: &writer) }
        writer.markup("</xml>")
        return writer.output
    }
}

extension Field {
    fileprivate func write(to writer: inout XMLWriter) {
        let name = document.bytes(of: node.name)
        writer.element(name) { writer in
            if !utf8.isEmpty { writer.characters(utf8) }
            for field in fields { field.write(to: &writer) }
        }
    }
}
