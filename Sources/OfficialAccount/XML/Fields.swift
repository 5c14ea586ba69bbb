/// The elements of a message, or those inside one of them, in the order in which they came.
///
/// All of it is kept, whether this library knows the names or not:
///
/// ```swift
/// message.fields.text("Recognition")
/// message.fields["SendPicsInfo"]?.fields["PicList"]?.fields.all("item").count
/// ```
public struct Fields: Sendable, RandomAccessCollection {
    let document: Document
    let range: Range<Int>

    /// The position of the first element.
    public var startIndex: Int { 0 }

    /// The position behind the last element.
    public var endIndex: Int { range.count }

    /// The element at a position.
    /// - Parameter position: A number from `startIndex` up to, not including, `endIndex`.
    public subscript(position: Int) -> Field {
        precondition(position >= 0 && position < range.count, "No field at this position")
        return Field(document: document, node: document.nodes[range.lowerBound + position])
    }

    /// The first element of a name.
    /// - Parameter name: The element's name; case counts.
    /// - Returns: The element, or `nil` where there is none of that name.
    public subscript(name: String) -> Field? {
        first(name).map { Field(document: document, node: document.nodes[$0]) }
    }

    /// All elements of a name.
    /// - Parameter name: The elements' name; case counts.
    /// - Returns: The elements in order; none where there is none of that name.
    public func all(_ name: String) -> [Field] {
        filter { $0.document.bytes(of: $0.node.name).elementsEqual(name.utf8) }
    }

    /// The text of the first element of a name.
    /// - Parameter name: The element's name; case counts.
    /// - Returns: The text, which may be empty, or `nil` where there is no element of that name.
    public func text(_ name: String) -> String? { self[name]?.text }

    /// The place in the document's nodes of the first element of a name.
    func first(_ name: StaticString) -> Int? {
        name.withUTF8Buffer { document.first(in: range, named: UnsafeRawBufferPointer($0)) }
    }

    /// The place in the document's nodes of the first element of a name.
    @_disfavoredOverload
    func first(_ name: String) -> Int? {
        var name = name
        return name.withUTF8 { document.first(in: range, named: UnsafeRawBufferPointer($0)) }
    }
}

extension Fields: Equatable {
    /// Whether two lists hold equal elements in the same order.
    /// - Parameters:
    ///   - left: One list.
    ///   - right: The other.
    public static func == (left: Fields, right: Fields) -> Bool { left.elementsEqual(right) }
}

extension Fields: CustomStringConvertible, CustomReflectable {
    /// The elements' names. Their text may be what a user wrote, and stays out of descriptions.
    public var description: String { "Fields(" + map(\.name).joined(separator: ", ") + ")" }

    /// A mirror that shows the names only.
    public var customMirror: Mirror { Mirror(self, unlabeledChildren: map(\.name)) }
}
