/// One FastCGI record, as bytes on the wire (FastCGI Specification 1.0, section 3.3), right or wrong as a test wants it.
package struct FastCGIRecord: Sendable, Equatable {
    package enum Kind {
        package static let beginRequest: UInt8 = 1
        package static let abortRequest: UInt8 = 2
        package static let endRequest: UInt8 = 3
        package static let params: UInt8 = 4
        package static let stdin: UInt8 = 5
        package static let stdout: UInt8 = 6
        package static let stderr: UInt8 = 7
        package static let data: UInt8 = 8
        package static let getValues: UInt8 = 9
    }

    package var version: UInt8 = 1
    package var type: UInt8
    package var id: UInt16
    package var content: [UInt8]
    package var padding: UInt8
    /// What the padding begins with; the rest of it is zeros.
    package var paddingContent: [UInt8] = []

    package init(type: UInt8, id: UInt16 = 1, content: [UInt8] = [], padding: UInt8 = 0) {
        self.type = type
        self.id = id
        self.content = content
        self.padding = padding
    }

    package static func begin(id: UInt16 = 1, role: UInt16 = 1, keep: Bool = false) -> FastCGIRecord {
        FastCGIRecord(
            type: Kind.beginRequest, id: id,
            content: [UInt8(role >> 8), UInt8(role & 0xFF), keep ? 1 : 0, 0, 0, 0, 0, 0])
    }

    package static func params(_ pairs: [(String, String)], id: UInt16 = 1) -> FastCGIRecord {
        FastCGIRecord(type: Kind.params, id: id, content: pairs.flatMap { pair($0, $1) })
    }

    /// A name-value pair (section 3.4).
    package static func pair(_ name: String, _ value: String) -> [UInt8] {
        length(name.utf8.count) + length(value.utf8.count) + Array(name.utf8) + Array(value.utf8)
    }

    /// A length of a name or a value: in one byte where it fits, else in four.
    package static func length(_ value: Int) -> [UInt8] {
        if value < 128 { return [UInt8(value)] }
        return [UInt8(value >> 24) | 0x80, UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    package var bytes: [UInt8] {
        [
            version, type, UInt8(id >> 8), UInt8(id & 0xFF), UInt8(content.count >> 8), UInt8(content.count & 0xFF),
            padding, 0,
        ] + content + paddingContent.prefix(Int(padding))
            + [UInt8](repeating: 0, count: max(Int(padding) - paddingContent.count, 0))
    }
}
