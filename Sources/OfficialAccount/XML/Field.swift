/// One element of a message: its name, its text and the elements inside it.
///
/// A field is a view into the message it came from; its strings are made when they are asked for. Attributes are not
/// kept, since the platform sends none.
public struct Field: Sendable {
    let document: Document
    let node: Document.Node

    /// The element's name, such as `Content`, as it stands in the message (name spaces are not interpreted).
    public var name: String { String(decoding: document.bytes(of: node.name), as: UTF8.self) }

    /// The element's own text, from character data and CDATA sections together.
    ///
    /// White space is kept, except where it only separates elements. The text of elements inside is theirs.
    public var text: String { String(decoding: document.bytes(of: node.text), as: UTF8.self) }

    /// The element's own text as UTF-8, without a copy.
    public var utf8: ArraySlice<UInt8> { document.bytes(of: node.text) }

    /// The elements inside this one, in order.
    public var fields: Fields { Fields(document: document, range: node.children) }
}

extension Field: Equatable {
    /// Whether two elements have the same name, the same text and equal elements inside, in the same order.
    /// - Parameters:
    ///   - left: One element.
    ///   - right: The other.
    public static func == (left: Field, right: Field) -> Bool {
        left.document.bytes(of: left.node.name) == right.document.bytes(of: right.node.name)
            && left.utf8 == right.utf8 && left.fields == right.fields
    }
}

extension Field: CustomStringConvertible, CustomReflectable {
    /// The element's name. Its text may be what a user wrote, and stays out of descriptions.
    public var description: String { "Field(\(name))" }

    /// A mirror that shows the name only.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
