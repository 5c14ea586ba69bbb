/// Builds a document from what a parser reports, within limits.
///
/// Finished elements wait in `pending` until the element around them ends; then they move to `nodes` together, which is
/// how an element's children come to stand next to each other.
struct DocumentBuilder {
    private(set) var buffer: [UInt8] = []
    private(set) var nodes: [Document.Node] = []
    /// Why nothing more is taken; the parser is stopped then.
    var failure: MessageError?

    private let limits: MessageLimits
    private var pending: [Document.Node] = []
    private var open: [OpenElement] = []
    /// The pieces of text of the open elements that another element has followed: where text and elements are mixed.
    private var pieces: [Range<Int>] = []
    private var elements = 0

    private struct OpenElement {
        let name: Document.Span
        let firstPending: Int
        let firstPiece: Int
        /// Where the text since the last tag begins.
        var textStart: Int
    }

    /// - Parameter capacity: The bytes of XML, which names and texts never exceed: text in several pieces aside, the
    ///   buffer does not grow.
    init(capacity: Int, limits: MessageLimits) {
        self.limits = limits
        buffer.reserveCapacity(capacity)
        nodes.reserveCapacity(16)
        pending.reserveCapacity(16)
        open.reserveCapacity(4)
    }

    mutating func startElement(_ name: UnsafeRawBufferPointer) {
        elements += 1
        guard elements <= limits.elements else { return failure = .tooManyElements(limit: limits.elements) }
        guard open.count < limits.depth else { return failure = .tooDeep(limit: limits.depth) }
        guard !open.isEmpty || Self.isEnvelope(name) else { return failure = .notAnEnvelope }
        let text = textSinceTag(dropsWhiteSpace: true)
        if !text.isEmpty { pieces.append(text) }
        let start = buffer.count
        buffer.append(contentsOf: name)
        open.append(
            OpenElement(
                name: Document.Span(start..<buffer.count), firstPending: pending.count, firstPiece: pieces.count,
                textStart: buffer.count))
    }

    private static func isEnvelope(_ name: UnsafeRawBufferPointer) -> Bool {
        name.count == 3 && name[0] == UInt8(ascii: "x") && name[1] == UInt8(ascii: "m") && name[2] == UInt8(ascii: "l")
    }

    mutating func characters(_ text: UnsafeRawBufferPointer) {
        buffer.append(contentsOf: text)
    }

    mutating func endElement() {
        guard let element = open.last else { return }
        let hasChildren = pending.count > element.firstPending
        let text = textSinceTag(dropsWhiteSpace: hasChildren)
        let isWhole = pieces.count == element.firstPiece
        var node = Document.Node(
            name: element.name, text: isWhole ? Document.Span(text) : joined(from: element.firstPiece, and: text))
        if hasChildren {
            node.firstChild = UInt32(truncatingIfNeeded: nodes.count)
            node.childCount = UInt32(truncatingIfNeeded: pending.count - element.firstPending)
            nodes.append(contentsOf: pending[element.firstPending...])
            pending.removeLast(pending.count - element.firstPending)
        }
        open.removeLast()
        guard !open.isEmpty else { return nodes.append(node) }
        pending.append(node)
        open[open.count - 1].textStart = buffer.count
    }

    /// The text since the last tag. White space that only separates elements is not kept.
    private mutating func textSinceTag(dropsWhiteSpace: Bool) -> Range<Int> {
        let start = open.last?.textStart ?? buffer.count
        if dropsWhiteSpace, start < buffer.count, buffer[start...].allSatisfy(\.isXMLSpace) {
            buffer.removeSubrange(start...)
        }
        return start..<buffer.count
    }

    /// The whole text of an element that ends, of which there are pieces: a copy of all of them behind each other.
    private mutating func joined(from firstPiece: Int, and last: Range<Int>) -> Document.Span {
        if !last.isEmpty { pieces.append(last) }
        defer { pieces.removeLast(pieces.count - firstPiece) }
        if pieces.count - firstPiece == 1 { return Document.Span(pieces[firstPiece]) }
        let start = buffer.count
        buffer.reserveCapacity(start + pieces[firstPiece...].reduce(0) { $0 + $1.count })
        // Byte by byte: a slice would share the buffer, and each append to a shared one copies all of it.
        for piece in pieces[firstPiece...] { for index in piece { buffer.append(buffer[index]) } }
        return Document.Span(start..<buffer.count)
    }
}
