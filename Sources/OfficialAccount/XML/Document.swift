import Glibc

/// A parsed message: all names and texts in one buffer, all elements in one array.
///
/// The children of an element stand next to each other, so that they can be counted and indexed without a walk. A
/// class only so that copying a message costs one reference count; it never changes once it is made.
final class Document: Sendable {
    /// An element. 32-bit offsets keep it at 24 bytes; the reader's limit on size makes sure they fit.
    struct Node: Sendable {
        var name: Span = Span()
        var text: Span = Span()
        var firstChild: UInt32 = 0
        var childCount: UInt32 = 0

        var children: Range<Int> { Int(firstChild)..<Int(firstChild) + Int(childCount) }
    }

    /// A piece of the buffer.
    struct Span: Sendable {
        var start: UInt32 = 0
        var count: UInt32 = 0

        init() {}

        init(_ range: Range<Int>) {
            start = UInt32(truncatingIfNeeded: range.lowerBound)
            count = UInt32(truncatingIfNeeded: range.count)
        }

        var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    let buffer: [UInt8]
    let nodes: [Node]

    init(buffer: [UInt8], nodes: [Node]) {
        self.buffer = buffer
        self.nodes = nodes
    }

    func bytes(of span: Span) -> ArraySlice<UInt8> { buffer[span.range] }

    /// The first of some nodes with a name, compared as bytes: no string is made for a look-up.
    func first(in range: Range<Int>, named name: UnsafeRawBufferPointer) -> Int? {
        guard let wanted = name.baseAddress else { return nil }
        return buffer.withUnsafeBytes { buffer in
            nodes.withUnsafeBufferPointer { nodes in
                for index in range where Int(nodes[index].name.count) == name.count {
                    let span = UnsafeRawBufferPointer(rebasing: buffer[nodes[index].name.range])
                    guard let found = span.baseAddress else { continue }
                    if memcmp(found, wanted, name.count) == 0 { return index }
                }
                return nil
            }
        }
    }
}

extension Document: CustomStringConvertible, CustomReflectable {
    /// How many elements there are; what they hold stays out of descriptions.
    var description: String { "Document(\(nodes.count) elements)" }
    /// A mirror without children.
    var customMirror: Mirror { Mirror(self, children: []) }
}
