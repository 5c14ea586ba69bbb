/// A temporary medium that the simulated interface keeps.
public struct SimulatedMedium: Sendable, Equatable {
    /// Its type, as in Content-Type. Of a `video/` one the address is handed out as JSON, as the platform
    /// does; its bytes are there.
    public var contentType: String
    /// Its name as a file.
    public var fileName: String
    /// Its bytes.
    public var bytes: [UInt8]
    /// A recording's bytes at 16 kHz, where there are such.
    public var highQualityVoice: [UInt8]?

    /// Creates a medium.
    /// - Parameters:
    ///   - contentType: Its type, such as `image/jpeg` or `audio/amr`.
    ///   - fileName: Its name as a file.
    ///   - bytes: Its bytes.
    ///   - highQualityVoice: A recording's bytes at 16 kHz, where there are such.
    public init(contentType: String, fileName: String, bytes: [UInt8], highQualityVoice: [UInt8]? = nil) {
        self.contentType = contentType
        self.fileName = fileName
        self.bytes = bytes
        self.highQualityVoice = highQualityVoice
    }
}

extension SimulatedMedium: CustomStringConvertible, CustomReflectable {
    /// The type and the size; the name and the bytes stay out of descriptions.
    public var description: String { "SimulatedMedium(\(contentType), \(bytes.count) bytes)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What an uploaded form holds (RFC 7578).
struct UploadedForm {
    /// The medium in the field `media`.
    let medium: SimulatedMedium

    /// - Returns: `nil` where there is no such field, or the body is no form.
    init?(_ body: [UInt8], contentType: String?) {
        guard let contentType, contentType.lowercased().hasPrefix("multipart/form-data"),
            let name = contentType.split(separator: ";").first(where: {
                $0.drop { $0 == " " }.lowercased().hasPrefix("boundary=")
            })?.split(separator: "=", maxSplits: 1).last
        else { return nil }
        let boundary = Array("--\(name.filter { $0 != "\"" })".utf8)
        let lineEnd: [UInt8] = [0x0D, 0x0A]
        var rest = body[...]
        while let start = rest.firstRange(of: boundary + lineEnd) {
            rest = rest[start.upperBound...]
            guard let headEnd = rest.firstRange(of: lineEnd + lineEnd),
                let end = rest.firstRange(of: lineEnd + boundary)
            else { return nil }
            let head = String(decoding: rest[..<headEnd.lowerBound], as: UTF8.self)
            if headEnd.upperBound <= end.lowerBound, Self.parameter("name", of: head) == "media" {
                let type = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-type:") }
                medium = SimulatedMedium(
                    contentType: type.map { String($0.dropFirst(13).drop { $0 == " " }) }
                        ?? "application/octet-stream",
                    fileName: Self.parameter("filename", of: head) ?? "",
                    bytes: Array(rest[headEnd.upperBound..<end.lowerBound]))
                return
            }
            rest = rest[(end.lowerBound + lineEnd.count)...]
        }
        return nil
    }

    /// A parameter of Content-Disposition.
    private static func parameter(_ name: String, of head: String) -> String? {
        guard
            let line = head.split(separator: "\r\n").first(where: {
                $0.lowercased().hasPrefix("content-disposition:")
            })
        else { return nil }
        for part in line.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].drop(while: { $0 == " " }) == name else { continue }
            return pair[1].filter { $0 != "\"" }
        }
        return nil
    }
}

extension ArraySlice<UInt8> {
    /// Where some bytes first stand.
    fileprivate func firstRange(of bytes: [UInt8]) -> Range<Int>? {
        guard let first = bytes.first else { return nil }
        var start = startIndex
        while let index = self[start...].firstIndex(of: first) {
            if self[index...].starts(with: bytes) { return index..<index + bytes.count }
            start = index + 1
        }
        return nil
    }
}
